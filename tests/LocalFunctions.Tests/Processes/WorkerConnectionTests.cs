using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Gateway.LocalFunctions.Invocations;
using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Tests.Processes;

public sealed class WorkerConnectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{\"outcome\":\"ok\",\"length\":2}\nhi", InvocationOutcome.Answered, "hi", true)]
    [InlineData("{\"outcome\":\"handled\",\"length\":0}\n", InvocationOutcome.HandledError, "", true)]
    [InlineData("{\"length\":2,\"outcome\":\"unhandled\",\"exit\":true}\n{}", InvocationOutcome.UnhandledError, "{}", false)]
    [InlineData("{\"outcome\":\"ok\",\"length\":2}\nhi and more", InvocationOutcome.Answered, "hi", false)]
    [InlineData("{\"outcome\":\"ok\",\"length\":4000000000}\n", InvocationOutcome.UnhandledError, "{\"errorMessage\":\"the result is 4000000000 bytes long; 33554432 is the most\"}", false)]
    public async Task Answer_Head_SaysWhatItIs(string sent, object outcome, string body, bool isUsable)
    {
        var (connection, worker) = await ConnectAsync();
        await using var owned = connection;
        using (worker)
        {
            await worker.GetStream().WriteAsync(Encoding.UTF8.GetBytes(sent), Cancel);

            var result = await connection.ReceiveAsync(Cancel);

            Assert.Equal(outcome, result.Outcome);
            Assert.Equal(body, Encoding.UTF8.GetString(result.Body.Span));
            Assert.Equal(isUsable, connection.IsUsable);
        }
    }

    [Theory]
    [InlineData("{\"outcome\":\"ok\",\"length\":-1}\n")]
    [InlineData("{\"outcome\":\"fine\",\"length\":1}\nx")]
    [InlineData("{\"outcome\":1,\"length\":1}\nx")]
    [InlineData("{\"outcome\":\"ok\"}\n")]
    [InlineData("{\"outcome\":\"ok\",\"length\":1e99}\n")]
    [InlineData("[]\n")]
    [InlineData("\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    public async Task Answer_Broken_IsRefused(string sent)
        => await Assert.ThrowsAsync<InvalidDataException>(() => ReceiveAsync(Encoding.UTF8.GetBytes(sent)));

    [Fact]
    public async Task Answer_HeadWithoutEnd_IsRefused()
        => await Assert.ThrowsAsync<InvalidDataException>(() => ReceiveAsync(Encoding.UTF8.GetBytes(new string(' ', 5000))));

    [Theory]
    [InlineData("")]
    [InlineData("{\"outcome\":")]
    [InlineData("{\"outcome\":\"ok\",\"length\":10}\nhi")]
    public async Task Answer_CutOff_IsTheEndOfTheProcess(string sent)
        => await Assert.ThrowsAsync<EndOfStreamException>(() => ReceiveAsync(Encoding.UTF8.GetBytes(sent)));

    [Fact]
    public Task Answer_AnyBytes_AreAnAnswerOrRefused()
        => Gen.Byte.Array[0, 100].SampleAsync(
            async bytes =>
            {
                var failure = await Record.ExceptionAsync(() => ReceiveAsync(bytes));
                Assert.True(failure is null or InvalidDataException or IOException, failure?.ToString());
            },
            iter: 200);

    [Fact]
    public async Task Idle_BytesOrEndNobodyAskedFor_IsNotQuiet()
    {
        var (connection, worker) = await ConnectAsync();
        await using var owned = connection;
        Assert.True(connection.IsQuiet);
        worker.Close();
        Assert.False(connection.IsQuiet);
    }

    private static async Task<InvocationResult> ReceiveAsync(byte[] sent)
    {
        var (connection, worker) = await ConnectAsync();
        await using var owned = connection;
        using (worker)
        {
            await worker.GetStream().WriteAsync(sent, Cancel);
            worker.Client.Shutdown(SocketShutdown.Send);
            return await connection.ReceiveAsync(Cancel);
        }
    }

    private static async Task<(WorkerConnection Connection, TcpClient Worker)> ConnectAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var worker = new TcpClient();
        await worker.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancel);
        return (new WorkerConnection(await listener.AcceptSocketAsync(Cancel)), worker);
    }
}
