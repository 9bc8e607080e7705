using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Runtimes;

/// <summary>Starts a process of the runtime that a function names.</summary>
internal static class WorkerFactory
{
    /// <summary>Starts a process and waits until it takes calls.</summary>
    /// <param name="function">The function.</param>
    /// <param name="requestId">The call that waits for it.</param>
    /// <param name="processes">What all processes share.</param>
    /// <param name="log">Where the process's output goes.</param>
    /// <param name="stopping">Cancelled when the function must stop.</param>
    /// <exception cref="StartFailedException">It could not be started.</exception>
    public static async Task<IWorker> StartAsync(
        FunctionSettings function, string requestId, ProcessEnvironment processes, HostLog log, CancellationToken stopping)
    {
        if (!Directory.Exists(function.Folder))
        {
            throw new StartFailedException("CAFileNotFound", $"there is no folder {function.Folder}, which Code of function '{function.Name}' names");
        }

        var runtime = RuntimeCatalogue.Of(function.Options.Runtime!.Value);
        if (runtime.FindMissing() is { } missing)
        {
            throw new StartFailedException("FunctionNotStarted", $"function '{function.Name}' cannot run here: {missing}");
        }

        return await runtime.StartAsync(function, requestId, processes, log, stopping);
    }
}
