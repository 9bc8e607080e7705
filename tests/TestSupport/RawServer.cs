using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.TestSupport;

/// <summary>A server that answers the head of any request with fixed bytes and closes. Stands in for a backend that does not speak HTTP well.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly byte[] _answer;
    private readonly Task _running;

    private RawServer(string answer)
    {
        _answer = Encoding.UTF8.GetBytes(answer);
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _running = RunAsync();
    }

    /// <summary>Base address, without a trailing slash.</summary>
    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>Starts a server; line ends of the text become CR LF, those of the body included.</summary>
    public static Task<RawServer> StartAsync(string answer) => StartExactAsync(answer.ReplaceLineEndings("\r\n"));

    /// <summary>Starts a server that sends exactly these characters as UTF-8.</summary>
    public static Task<RawServer> StartExactAsync(string answer) => Task.FromResult(new RawServer(answer));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _running;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            _ = AnswerAsync(socket);
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            var seen = "";
            var block = new byte[4096];
            while (!seen.Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                var count = await stream.ReadAsync(block);
                if (count == 0)
                {
                    return;
                }

                seen += Encoding.Latin1.GetString(block, 0, count);
            }

            await stream.WriteAsync(_answer);
            socket.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(block) > 0)
            {
                // Until the gateway closes, so that no reset overtakes the answer.
            }
        }
        catch (IOException)
        {
            // The gateway had enough.
        }
    }
}
