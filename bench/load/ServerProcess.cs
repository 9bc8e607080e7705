using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Bench.Load;

/// <summary>A program that this one started, on a free loopback port, and kills when disposed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Queue<string> _lastOutput = new();

    private ServerProcess(Process process, IPEndPoint endPoint)
    {
        _process = process;
        EndPoint = endPoint;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>User and system time that the process has used so far, all threads.</summary>
    public TimeSpan CpuTime => _process.TotalProcessorTime;

    /// <summary>Starts a program and waits until it answers.</summary>
    /// <param name="assembly">The .NET program.</param>
    /// <param name="core">Core to pin it to, where that is possible.</param>
    /// <param name="probe">A request that it answers once it is ready.</param>
    /// <param name="arguments">Its arguments, beside <c>--urls</c>.</param>
    /// <param name="environment">Its environment variables, beside this program's own.</param>
    /// <exception cref="InvalidOperationException">It ended, or gave no right answer in time. The message has the last lines it wrote.</exception>
    public static async Task<ServerProcess> StartAsync(
        string assembly, int core, LoadRequest probe, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var endPoint = FreeEndPoint();
        var start = CpuPinning.StartInfo(core, assembly);
        start.WorkingDirectory = Path.GetDirectoryName(assembly);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add($"http://{endPoint}");
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";

        // Where it sees one core only, as when pinned, the runtime waits ten times as long before it compiles methods again: then a round
        // may still measure code that is not optimized (measured: 160 us a request for 50).
        start.Environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(Process.Start(start)!, endPoint);
        try
        {
            await server.WaitUntilReadyAsync(probe);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync(LoadRequest probe)
    {
        var failure = "it does not listen";
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < LongestStart && !_process.HasExited)
        {
            try
            {
                using var connection = await LoadConnection.OpenAsync(EndPoint, probe);
                await connection.RunAsync(end: 0);
                if (connection.Failure is null)
                {
                    return;
                }

                failure = connection.Failure;
            }
            catch (SocketException)
            {
                // Not yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        lock (_lastOutput)
        {
            var command = string.Join(' ', _process.StartInfo.ArgumentList);
            throw new InvalidOperationException($"{command}: {failure}\n{string.Join('\n', _lastOutput)}");
        }
    }

    private void Keep(string? line)
    {
        const int most = 40;
        lock (_lastOutput)
        {
            _lastOutput.Enqueue(line ?? "");
            if (_lastOutput.Count > most)
            {
                _lastOutput.Dequeue();
            }
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended, or is disposed already.
        }
    }

    private static IPEndPoint FreeEndPoint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
