using System.Globalization;
using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Runtimes;

/// <summary>Compiled Java code of one host: our worker once, and each folder of functions once for each version of its code. Thread-safe.</summary>
/// <remarks>
/// Classes lie in a temporary folder until the host ends: a process of an older version may still load some of them. Code that does not
/// compile is not tried again until it changes.
/// </remarks>
internal sealed class JavaBuilds(ProcessEnvironment processes) : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = CreateFolder(processes.Guard);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, (CodeStamp Stamp, Task<string> ClassPath)> _builds = new(StringComparer.Ordinal);
    private List<Task> _running = [];
    private Task<string>? _worker;
    private int _count;

    /// <summary>The class path that runs the code of a folder, worker included; what is missing of it is compiled.</summary>
    /// <param name="tools">The compiler.</param>
    /// <param name="folder">Full path of the code.</param>
    /// <returns>A task that callers share: giving up on it needs a wait of one's own.</returns>
    /// <exception cref="StartFailedException">The code does not compile.</exception>
    public Task<string> BuildAsync(JavaTools tools, string folder)
    {
        var stamp = CodeStamp.Of(folder);
        lock (_lock)
        {
            if (_builds.TryGetValue(folder, out var known) && known.Stamp == stamp)
            {
                return known.ClassPath;
            }

            var build = Task.Run(() => CompileAsync(tools, folder), _stopping.Token);
            _builds[folder] = (stamp, build);
            _running = [.. _running.Where(static task => !task.IsCompleted), build];
            return build;
        }
    }

    /// <summary>Stops compilers that run, and deletes all classes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] running;
        lock (_lock)
        {
            running = [.. _running, _worker ?? Task.CompletedTask];
        }

        await Task.WhenAll(running).ContinueWith(static _ => { }, TaskScheduler.Default); // How they ended is their callers' matter.
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Left to the system, which empties its temporary folder.
        }

        _stopping.Dispose();
    }

    private async Task<string> CompileAsync(JavaTools tools, string folder)
    {
        try
        {
            var worker = CompileWorkerAsync(tools);
            var code = JavaCode.Find(folder);
            var classes = NewFolder();
            if (code.Sources.Count > 0)
            {
                // The interfaces come from our sources, not from the worker's classes, so that both compilers run at once.
                await RunCompilerAsync(
                    tools,
                    folder,
                    classes,
                    code,
                    ["-cp", Join(code.ClassPath), "-sourcepath", JavaRuntime.WorkerSources, "-implicit:none"]);
            }

            return Join([await worker, classes, .. code.ClassPath]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException("FunctionNotStarted", $"the code in {folder} cannot be compiled: {exception.Message}");
        }
    }

    private Task<string> CompileWorkerAsync(JavaTools tools)
    {
        lock (_lock)
        {
            if (_worker is null or { IsFaulted: true })
            {
                var classes = NewFolder();
                var code = JavaCode.Find(JavaRuntime.WorkerSources);
                _worker = Task.Run(() => RunCompilerAsync(tools, JavaRuntime.WorkerSources, classes, code, ["-proc:none"]), _stopping.Token);
            }

            return _worker;
        }
    }

    private async Task<string> RunCompilerAsync(
        JavaTools tools, string folder, string classes, JavaCode code, IReadOnlyList<string> options)
    {
        var list = classes + ".sources"; // Many sources would not fit a command line.
        await File.WriteAllLinesAsync(list, code.Sources.Select(static path => $"\"{path.Replace('\\', '/')}\""), _stopping.Token);
        await JavaCompiler.RunAsync(tools.Compiler, folder, [.. options, "-d", classes, "@" + list], processes.Guard, _stopping.Token);
        return classes;
    }

    private string NewFolder()
    {
        var number = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        return _folder.CreateSubdirectory(number).FullName;
    }

    private static DirectoryInfo CreateFolder(OrphanGuard guard)
    {
        var folder = Directory.CreateTempSubdirectory("local-functions-java-");
        guard.DeleteInTheEnd(folder.FullName); // Should this process be killed.
        return folder;
    }

    private static string Join(IEnumerable<string> paths) => string.Join(Path.PathSeparator, paths);
}
