using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gateway.Commands;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>Settings of the framework with which the server cannot start: one line that says so, and exit code 1.</summary>
public class StartTests
{
    [Theory]
    [InlineData("--urls", "nonsense", "nonsense")]
    [InlineData("--Kestrel:Endpoints:a:Protocols", "Http1", "Url")]
    [InlineData("--Logging:LogLevel:Default", "Nonsense", "Nonsense")]
    public async Task Run_WithWhatTheServerRefuses_SaysSoWithoutAStackTrace(string key, string value, string complaint)
    {
        using var error = new StringWriter();

        var code = await CommandLine.RunAsync(["run", "--config", Repository.Root, "--stage", "Development", key, value], TextWriter.Null, error);

        Assert.Equal(1, code);
        Assert.Contains(complaint, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnAPortThatIsTaken_SaysSoInOneLineAndLogsNoStackTrace()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Gateway.dll"), "run", "--config", Repository.Root, "--stage", "Development", "--urls", $"http://{taken.LocalEndpoint}",
        ];
        using var program = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var output = program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await program.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Equal(1, program.ExitCode);
            Assert.Contains("address already in use", error, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("   at ", await output, StringComparison.Ordinal);
        }
        finally
        {
            program.Kill(entireProcessTree: true);
        }
    }
}
