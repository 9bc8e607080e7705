using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Custom;

/// <summary>A custom runtime's process, which listens, and the client that calls it.</summary>
internal sealed class CustomServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PortPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExitPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(80);

    private CustomServer(WorkerProcess process, IPEndPoint endpoint)
    {
        Process = process;
        Address = $"http://{endpoint}";
        Client = CreateClient(endpoint);
    }

    /// <summary>The process.</summary>
    public WorkerProcess Process { get; }

    /// <summary>Base address of the server, without a trailing slash.</summary>
    public string Address { get; }

    /// <summary>Calls this process only; follows nothing, keeps nothing, changes nothing.</summary>
    public HttpMessageInvoker Client { get; }

    /// <summary>Starts the process and waits until it accepts connections, or has ended.</summary>
    /// <exception cref="StartFailedException">It could not be started, ended, or did not listen in time.</exception>
    public static async Task<CustomServer> StartAsync(
        FunctionSettings function, string requestId, ProcessEnvironment processes, HostLog log, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        if (function.Options.Port is { } wanted)
        {
            await WaitUntilFreeAsync(function, wanted, stopping);
        }

        var port = function.Options.Port ?? LoopbackPort.FindFree();
        var process = WorkerProcess.Start(function, CustomCommand.Plan(function, port), processes, log);
        process.Output.Begin(requestId);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timeout.CancelAfter(StartTimeout);
        try
        {
            return new CustomServer(process, await WaitForListenerAsync(function, process, port, timeout.Token));
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            await process.DisposeAsync();
            throw new StartFailedException(
                "FunctionNotStarted",
                $"the process of function '{function.Name}' did not listen on port {port} in {StartTimeout.TotalSeconds} s. "
                    + "It must listen on the port of FC_SERVER_PORT; set Port for one that always listens on the same");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a connection that broke was the end of the process, which is seen a moment later.</summary>
    public async Task<bool> HasEndedAsync()
    {
        await Task.WhenAny(Process.Exited, Task.Delay(ExitPatience));
        return Process.HasExited;
    }

    /// <summary>Ends the process at once, with all it started.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
    }

    private static async Task<IPEndPoint> WaitForListenerAsync(FunctionSettings function, WorkerProcess process, int port, CancellationToken cancellationToken)
    {
        var exited = process.Exited;
        for (var pause = ShortestPause; ; pause = pause < LongestPause ? 2 * pause : pause)
        {
            if (await LoopbackPort.FindListenerAsync(port, cancellationToken) is { } endpoint)
            {
                return endpoint;
            }

            if (await Task.WhenAny(exited, Task.Delay(pause, cancellationToken)) == exited)
            {
                var output = await process.Output.EndAsync();
                throw new StartFailedException("CAExited", $"the process of function '{function.Name}' ended with exit code {process.ExitCode} before it was ready. {output}".TrimEnd());
            }
        }
    }

    /// <summary>The process before may still be ending; anybody else's server would get our calls.</summary>
    private static async Task WaitUntilFreeAsync(FunctionSettings function, int port, CancellationToken stopping)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await LoopbackPort.FindListenerAsync(port, stopping) is not null)
        {
            if (TimeProvider.System.GetElapsedTime(started) > PortPatience)
            {
                throw new StartFailedException(
                    "FunctionNotStarted", $"port {port} of function '{function.Name}' is taken. End the program that listens there; if it is the function's own, let its server "
                        + "listen on the port of FC_SERVER_PORT, and take Port out: only one process can have it");
            }

            await Task.Delay(LongestPause, stopping);
        }
    }

    private static HttpMessageInvoker CreateClient(IPEndPoint endpoint)
        => new(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 64, // KB
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1), // Node.js closes after 5 s, gunicorn after 2: a request must not meet that.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ConnectCallback = async (_, cancellationToken) => new NetworkStream(await LoopbackPort.ConnectAsync(endpoint, cancellationToken), ownsSocket: true),
        });
}
