using System.Diagnostics;
using System.Net;
using Gateway.LocalFunctions.Runtimes;

namespace Gateway.LocalFunctions.Tests;

public sealed class ServeProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Program_Signalled_StopsWithAllItsProcesses(string signal)
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "The processes of the program are found by /proc, which this system has not.");
        Assert.SkipWhen(ExecutablePath.FindFirst(["node"]) is null, "Node.js is not on PATH. Install it, version 18 or newer.");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "Gateway.LocalFunctions.dll"), "serve", CustomFolder.Sample, "--port", "0" })
        {
            start.ArgumentList.Add(argument);
        }

        using var program = Process.Start(start)!;
        try
        {
            var address = await ReadUntilAsync(program, "  curl http");
            using var client = new HttpClient();
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(address.Trim().Split(' ')[^1], Cancel)).StatusCode);
            await ReadUntilAsync(program, "GET /"); // The function's own output is in the log.
            var function = Process.GetProcesses().Single(process => IsChildOf(program, process));

            using var kill = Process.Start("kill", [$"-{signal}", $"{program.Id}"]);
            await program.WaitForExitAsync(Cancel).WaitAsync(Patience, Cancel);

            Assert.Equal(0, program.ExitCode);
            Assert.True(function.HasExited);
        }
        finally
        {
            program.Kill(entireProcessTree: true);
        }
    }

    private static bool IsChildOf(Process program, Process process)
    {
        try
        {
            return process.ProcessName == "node" && File.ReadAllText($"/proc/{process.Id}/stat").Split(' ')[3] == $"{program.Id}";
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return false; // Ended meanwhile.
        }
    }

    private static async Task<string> ReadUntilAsync(Process program, string text)
    {
        while (await program.StandardOutput.ReadLineAsync(Cancel).AsTask().WaitAsync(Patience, Cancel) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The program ended without writing '{text}'.");
    }
}
