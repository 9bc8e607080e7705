using Gateway.LocalFunctions.Custom;
using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Runtimes;

/// <summary>A server of the function's own. What it needs on this machine only its command knows.</summary>
internal sealed class CustomRuntime : Runtime
{
    public override string? FindMissing() => null;

    public override async Task<IWorker> StartAsync(
        FunctionSettings function, string requestId, ProcessEnvironment processes, HostLog log, CancellationToken stopping)
        => await CustomWorker.StartAsync(function, requestId, processes, log, stopping);
}
