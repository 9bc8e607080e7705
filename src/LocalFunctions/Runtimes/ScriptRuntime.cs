using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Runtimes;

/// <summary>A runtime whose process is an interpreter with a script of ours, which loads the handler.</summary>
/// <param name="programs">Names of the interpreter; the first that is on PATH is taken.</param>
/// <param name="arguments">Its arguments before the script.</param>
/// <param name="worker">The script below the folder of workers.</param>
/// <param name="missing">What to say when no interpreter is there.</param>
internal sealed class ScriptRuntime(IReadOnlyList<string> programs, IReadOnlyList<string> arguments, string worker, string missing) : Runtime
{
    public override string? FindMissing() => ExecutablePath.FindFirst(programs) is null ? missing : null;

    public override Task<IWorker> StartAsync(
        FunctionSettings function, string requestId, ProcessEnvironment processes, HostLog log, CancellationToken stopping)
    {
        var plan = new LaunchPlan(ExecutablePath.FindFirst(programs)!, [.. arguments, Path.Combine(WorkersFolder, worker)]);
        return RuntimeWorker.StartAsync(function, plan, requestId, processes, log, stopping);
    }
}
