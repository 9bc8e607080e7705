using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.IntegrationTests;

/// <summary>A backend on bare sockets, for what no server does on purpose: it answers requests without a body, closes when it should not, and dies.</summary>
/// <param name="answers">How many requests of each connection are answered; the next is read, and the connection closed.</param>
internal sealed class KeepAliveServer(int answers = int.MaxValue) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private Task _running = Task.CompletedTask;

    /// <summary>Base address, without a trailing slash.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Head of each request that was read.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>Begins to listen.</summary>
    public KeepAliveServer Start()
    {
        _listener.Start();
        Address = $"http://{_listener.LocalEndpoint}";
        _running = RunAsync();
        return this;
    }

    /// <summary>Dies as a killed process does: nothing listens any more, and its connections are reset.</summary>
    public void Kill()
    {
        _listener.Stop();
        foreach (var socket in _sockets)
        {
            socket.Close(timeout: 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _running;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                _sockets.Add(socket);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            for (var i = 0; await ReadHeadAsync(stream) is { } head; i++)
            {
                Heads.Enqueue(head);
                if (i >= answers)
                {
                    socket.Shutdown(SocketShutdown.Send);
                    return;
                }

                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // Killed, or left by the gateway.
        }
    }

    /// <summary>One head; null when the connection ends.</summary>
    private static async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var block = new byte[4096];
        do
        {
            var count = await stream.ReadAsync(block);
            if (count == 0)
            {
                return null;
            }

            head.Append(Encoding.Latin1.GetString(block, 0, count));
        }
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal));

        return head.ToString();
    }
}
