using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.LocalFunctions.Processes;
using Gateway.LocalFunctions.Tests.NodeJs;

namespace Gateway.LocalFunctions.Tests.Processes;

public sealed partial class OrphanGuardTests
{
    private const string FolderVariable = "ORPHAN_TEST_FOLDER";
    private const string GateVariable = "ORPHAN_TEST_GATE";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_KilledDuringACall_LeavesNoProcess()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are found by /proc");
        NodeFunction.NeedNodeJs();
        using var gate = new Gate();
        using var folder = new CodeFolder();
        folder.Write("index.js", Gate.NodeJs + "exports.handler = async () => { require('node:child_process').execFileSync('/bin/sh', ['-c', '(setsid sleep 1000 </dev/null >/dev/null 2>&1 &)']); await pass(); }");

        // The host: this program once more, with the one test below.
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Gateway.LocalFunctions.Tests"))
        {
            ArgumentList = { "-explicit", "only", "-method", $"*.{nameof(HostOfTheOtherTest_UntilKilled_RunsAFunction)}" },
            RedirectStandardOutput = true, // Nobody else's business.
            Environment = { [FolderVariable] = folder.FullPath, [GateVariable] = gate.Environment["GATE"] },
        };
        using var host = Process.Start(start)!;
        using var arrived = await gate.ArriveAsync();
        var functions = folder.FindProcesses();
        var guard = FindGuard(functions[0]);

        host.Kill();
        await host.WaitForExitAsync(Cancel);

        Assert.Equal(2, functions.Count); // Node.js, and the child that left it.
        await Task.WhenAll(functions.Append(guard).Select(WaitForEndAsync)).WaitAsync(Patience, Cancel);
        Assert.Empty(folder.FindProcesses());
    }

    [Fact]
    public async Task Dispose_WithAFolder_DeletesItAndItsContents()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no guard on Windows.");
        var folder = Directory.CreateTempSubdirectory("a guard's ");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "file"), "", Cancel);
        var guard = OrphanGuard.Start();

        guard.DeleteInTheEnd(folder.FullName);
        await guard.DisposeAsync();

        Assert.False(Directory.Exists(folder.FullName));
    }

    [Fact(Explicit = true)]
    public async Task HostOfTheOtherTest_UntilKilled_RunsAFunction()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, "runs only as part of the other test");
        var host = await TestFunctions.StartAsync();
        var variables = new Dictionary<string, string> { ["GATE"] = Environment.GetEnvironmentVariable(GateVariable)! };
        var options = new LocalFunctionOptions { Runtime = LocalRuntime.NodeJs, Code = folder, Handler = "index.handler", Environment = variables };
        host.Apply(new Dictionary<string, LocalFunctionOptions> { ["f"] = options }, folder);
        using var response = await host.InvokeAsync("f", "{}");
        Assert.Fail("should have been killed");
    }

    /// <summary>The guard is the shell whose command line names the host that the function's environment names.</summary>
    private static int FindGuard(int function)
    {
        var hostId = HostId().Match(File.ReadAllText($"/proc/{function}/environ")).Groups[1].Value;
        return Assert.Single(
            Directory.EnumerateDirectories("/proc").Select(static path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0),
            id => id > 0 && CommandLine(id).EndsWith($"\0{hostId}\0", StringComparison.Ordinal));
    }

    private static string CommandLine(int id)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/cmdline"));
        }
        catch (IOException)
        {
            return ""; // Ended meanwhile.
        }
    }

    private static async Task WaitForEndAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            await process.WaitForExitAsync(Cancel);
        }
        catch (ArgumentException)
        {
            // Ended already.
        }
    }

    [GeneratedRegex("FC_LOCAL_HOST_ID=([0-9a-f]{32})\0")]
    private static partial Regex HostId();
}
