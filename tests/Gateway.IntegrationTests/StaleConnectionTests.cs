using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>
/// A connection that a backend closes over a request looks like one that it had closed before. .NET then sends a request without a body up
/// to four times, whatever its method; RFC 9110 §9.2.2 forbids that to a proxy where the method is not idempotent.
/// </summary>
public class StaleConnectionTests
{
    [Theory]
    [InlineData("GET", 2)]
    [InlineData("HEAD", 2)]
    [InlineData("OPTIONS", 2)]
    [InlineData("PUT", 2)]
    [InlineData("DELETE", 2)]
    [InlineData("POST", 1)]
    [InlineData("PATCH", 1)]
    [InlineData("ORDER", 1)]
    public async Task Request_OnAPooledConnectionThatCloses_IsSentAgainOnlyWhereItsMethodMayRepeat(string method, int expected)
    {
        await using var function = new ClosingServer();
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "f": { "Type": "WebFunction", "Address": "{{function.Address}}" } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
            }
            """);
        Assert.Equal(200, (await RawHttp.SendAsync(gateway.Address, "GET /first HTTP/1.1\r\nHost: x\r\n\r\n")).Status); // The connection is the pool's now.

        var answer = await RawHttp.SendAsync(gateway.Address, $"{method} /second HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(expected, function.Heads.Count(static head => head.Contains("/second", StringComparison.Ordinal)));
        Assert.Equal(expected == 2 ? (200, null) : (502, "N502RE"), (answer.Status, answer.Header("X-Ca-Error-Code")));
        Assert.All(function.Heads, static head => Assert.Equal(head.StartsWith('P') || head.StartsWith("ORDER", StringComparison.Ordinal), head.Contains("Content-Length: 0", StringComparison.Ordinal)));
    }

    /// <summary>Answers the first request of each connection, and closes at the second, which it has read.</summary>
    private sealed class ClosingServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _running;

        public ClosingServer()
        {
            _listener.Start();
            _running = RunAsync();
        }

        public string Address => $"http://{_listener.LocalEndpoint}";

        public ConcurrentQueue<string> Heads { get; } = new();

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _running;
        }

        private async Task RunAsync()
        {
            try
            {
                while (true)
                {
                    _ = ServeAsync(await _listener.AcceptSocketAsync());
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Stopped.
            }
        }

        private async Task ServeAsync(Socket socket)
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            Heads.Enqueue(await ReadHeadAsync(stream));
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            if (await ReadHeadAsync(stream) is { Length: > 0 } second)
            {
                Heads.Enqueue(second);
                socket.Shutdown(SocketShutdown.Send);
            }
        }

        private static async Task<string> ReadHeadAsync(NetworkStream stream)
        {
            var head = new StringBuilder();
            var block = new byte[4096];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                int count;
                try
                {
                    count = await stream.ReadAsync(block);
                }
                catch (IOException)
                {
                    count = 0;
                }

                if (count == 0)
                {
                    return "";
                }

                head.Append(Encoding.Latin1.GetString(block, 0, count));
            }

            return head.ToString();
        }
    }
}
