using System.ComponentModel;
using System.Diagnostics;

namespace Gateway.LocalFunctions.Processes;

/// <summary>A process of the operating system that belongs to a function, its output, and all that it starts.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    /// <summary>A shell that lets Ctrl+C pass by and becomes the program: the terminal sends it to all of its processes, and the gateway still drains.</summary>
    private static readonly string[] Shell = ["-c", "trap '' INT; exec \"$@\"", "sh"];

    private readonly Process _process;
    private readonly OrphanGuard _guard;
    private long? _peakMemory;

    private WorkerProcess(Process process, OrphanGuard guard, string instanceId, WorkerOutput output)
    {
        _process = process;
        _guard = guard;
        Exited = process.WaitForExitAsync();
        InstanceId = instanceId;
        Output = output;
    }

    /// <summary>Name of this process in answers and in its own environment.</summary>
    public string InstanceId { get; }

    /// <summary>What it writes.</summary>
    public WorkerOutput Output { get; }

    /// <summary>Completes when it has ended.</summary>
    public Task Exited { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Its largest memory so far, in bytes; once it has ended, what was seen last. Null when the system does not tell.</summary>
    public long? PeakMemory
    {
        get
        {
            try
            {
                _process.Refresh();
                if (!_process.HasExited && _process.PeakWorkingSet64 is > 0 and var peak)
                {
                    _peakMemory = peak;
                }
            }
            catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
            {
                // It ended meanwhile.
            }

            return _peakMemory;
        }
    }

    /// <summary>Starts a process.</summary>
    /// <exception cref="StartFailedException">There is no such program, or it cannot be run.</exception>
    public static WorkerProcess Start(FunctionSettings function, LaunchPlan plan, ProcessEnvironment processes, HostLog log)
    {
        var instanceId = "local-" + Guid.NewGuid().ToString("N");
        var start = new ProcessStartInfo
        {
            FileName = OperatingSystem.IsWindows() ? plan.FileName : "/bin/sh",
            WorkingDirectory = function.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in OperatingSystem.IsWindows() ? plan.Arguments : [.. Shell, plan.FileName, .. plan.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        SetEnvironment(start.Environment, function, instanceId, plan);
        try
        {
            var guard = processes.Guard;
            start.Environment[OrphanGuard.HostVariable] = guard.HostId;
            var process = Process.Start(start)!;
            if (!guard.TryWatch(process.Id))
            {
                ProcessTree.Kill(process, instanceId);
                process.Dispose();
                throw new StartFailedException("FunctionNotStarted", "the host stops");
            }

            process.StandardInput.Close();
            return new WorkerProcess(process, guard, instanceId, new WorkerOutput(function.Name, process.StandardOutput.BaseStream, process.StandardError.BaseStream, log));
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new StartFailedException("CAFileNotFound", $"function '{function.Name}' cannot be started in {function.Folder}: {exception.Message}");
        }
    }

    /// <summary>The variables of this process that are not the gateway's own; over them those of the function.</summary>
    private static void SetEnvironment(IDictionary<string, string?> environment, FunctionSettings function, string instanceId, LaunchPlan plan)
    {
        InheritedVariables.RemoveSettings(environment);
        foreach (var (name, value) in function.Options.Environment.Concat(function.Variables(instanceId)).Concat(plan.Environment))
        {
            environment[name] = value;
        }
    }

    /// <summary>Ends it at once, with all it started.</summary>
    public async ValueTask DisposeAsync()
    {
        ProcessTree.Kill(_process, InstanceId);
        await Exited;
        _guard.Forget(_process.Id);
        await Output.DisposeAsync();
        _process.Dispose();
    }
}
