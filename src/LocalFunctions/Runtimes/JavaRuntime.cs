using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Runtimes;

/// <summary>The Java runtime: our worker and the function's classes in one virtual machine, compiled here where the code is in sources.</summary>
internal sealed class JavaRuntime : Runtime
{
    /// <summary>Starts small and soon rather than runs fast in the end; text is UTF-8 in every version, which was not the default before 18.</summary>
    private static readonly string[] Flags =
    [
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto", "-Xmx512m", "-Dfile.encoding=UTF-8",
    ];

    /// <summary>Folder of the sources of our worker and of the interfaces that handlers implement.</summary>
    public static string WorkerSources { get; } = Path.Combine(WorkersFolder, "java");

    public override string? FindMissing()
        => JavaTools.Find() is null
            ? "there is no JDK (java and javac) on PATH or in JAVA_HOME. Install a JDK, version 11 or newer: https://adoptium.net"
            : null;

    public override async Task<IWorker> StartAsync(
        FunctionSettings function, string requestId, ProcessEnvironment processes, HostLog log, CancellationToken stopping)
    {
        var tools = JavaTools.Find()!;
        var classPath = await processes.Java.BuildAsync(tools, function.Folder).WaitAsync(stopping);
        var plan = new LaunchPlan(tools.Java, [.. Flags, "-cp", classPath, "gateway.localfunctions.Worker"]);
        return await RuntimeWorker.StartAsync(function, plan, requestId, processes, log, stopping);
    }
}
