using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Runtimes;

/// <summary>One kind of runtime: what it needs on this machine, and how its processes are started.</summary>
internal abstract class Runtime
{
    /// <summary>Folder of the programs that run inside the runtimes' processes.</summary>
    protected static string WorkersFolder { get; } = Path.Combine(AppContext.BaseDirectory, "workers");

    /// <summary>What is not installed, and what to install; null when nothing is missing.</summary>
    public abstract string? FindMissing();

    /// <summary>Starts a process of a function and waits until it takes calls.</summary>
    /// <exception cref="StartFailedException">It could not be started.</exception>
    public abstract Task<IWorker> StartAsync(
        FunctionSettings function, string requestId, ProcessEnvironment processes, HostLog log, CancellationToken stopping);
}
