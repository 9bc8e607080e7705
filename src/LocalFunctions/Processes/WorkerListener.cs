using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.LocalFunctions.Processes;

/// <summary>Where the processes of the built-in runtimes report: a loopback port, and a token by which each is known.</summary>
internal sealed class WorkerListener : IDisposable
{
    private const int TokenBytes = 16;
    private static readonly TimeSpan TokenTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Socket>> _awaited = new(StringComparer.Ordinal);
    private volatile bool _isDisposed;

    public WorkerListener()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The port, as text.</summary>
    public string Port => ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>A new token; the process that sends it first is the one whose connection <see cref="AcceptAsync(string, CancellationToken)"/> returns.</summary>
    public string Expect()
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        _awaited[token] = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        return token;
    }

    /// <summary>Waits for the process with that token. Called once for each token, or the token is kept.</summary>
    /// <returns>Its connection, now the caller's.</returns>
    /// <exception cref="OperationCanceledException">It did not come; the token is of no use any more.</exception>
    public async Task<Socket> AcceptAsync(string token, CancellationToken cancellationToken)
    {
        var awaited = _awaited[token];
        using var giveUp = cancellationToken.Register(() => awaited.TrySetCanceled(cancellationToken));
        try
        {
            return await awaited.Task;
        }
        finally
        {
            _awaited.TryRemove(token, out _);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_isDisposed)
        {
            try
            {
                _ = GreetAsync(await _listener.AcceptSocketAsync());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                await Task.Delay(AcceptPause); // Disposed of; or a connection that broke at once, or no handle left: others may come.
            }
        }
    }

    private async Task GreetAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            using var timeout = new CancellationTokenSource(TokenTimeout);
            var line = new byte[(TokenBytes * 2) + 1];
            for (var read = 0; read < line.Length;)
            {
                var count = await socket.ReceiveAsync(line.AsMemory(read), timeout.Token);
                read = count > 0 ? read + count : throw new SocketException((int)SocketError.ConnectionReset);
            }

            if (_awaited.TryGetValue(Encoding.ASCII.GetString(line, 0, TokenBytes * 2), out var awaited) && awaited.TrySetResult(socket))
            {
                return;
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // Not one of ours.
        }

        socket.Dispose();
    }
}
