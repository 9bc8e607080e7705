using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Tests.Processes;

public sealed class WorkerListenerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_WithoutTheToken_IsClosedAndTheRightOneStillAccepted()
    {
        using var listener = new WorkerListener();
        var token = listener.Expect();
        var accepted = listener.AcceptAsync(token, Cancel);

        using var garbage = await ConnectAsync(listener, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(0, await ReadAsync(garbage));
        using var wrong = await ConnectAsync(listener, new string('0', token.Length) + "\n");
        Assert.Equal(0, await ReadAsync(wrong));
        using var gone = await ConnectAsync(listener, "short");
        gone.Close();
        Assert.False(accepted.IsCompleted);
        using var right = await ConnectAsync(listener, token + "\nhello");
        using var socket = await accepted.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        var buffer = new byte[16];
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Cancel)));

        using var again = await ConnectAsync(listener, token + "\n");
        Assert.Equal(0, await ReadAsync(again));
    }

    [Fact]
    public async Task Accept_GivenUp_TokenIsOfNoUseAnyMore()
    {
        using var listener = new WorkerListener();
        var token = listener.Expect();
        using var patience = new CancellationTokenSource();
        var accepted = listener.AcceptAsync(token, patience.Token);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepted);
        using var late = await ConnectAsync(listener, token + "\n");
        Assert.Equal(0, await ReadAsync(late));
    }

    private static async Task<TcpClient> ConnectAsync(WorkerListener listener, string text)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, int.Parse(listener.Port, CultureInfo.InvariantCulture), Cancel);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancel);
        return client;
    }

    /// <summary>0 once the other side has closed, in either way.</summary>
    private static async Task<int> ReadAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[16], Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
