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
}
