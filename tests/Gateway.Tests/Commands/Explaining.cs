using Gateway.Commands;
using Gateway.Commands.Explaining;
using Gateway.Configuration;
using Gateway.Tests.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Commands;

/// <summary>Runs the verb <c>explain</c> at a fixed time.</summary>
internal static class Explaining
{
    /// <summary>What the clock shows, in milliseconds of Unix time.</summary>
    public const long Now = 1_700_000_000_000;

    /// <summary>Runs the verb.</summary>
    /// <param name="appsettings">The configuration of the stage RELEASE.</param>
    /// <param name="args">Arguments behind the verb.</param>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string appsettings, string[] args)
    {
        using var folder = new ConfigurationFolder(appsettings);
        var result = ConfigurationLoader.Load(folder.Source);
        Assert.Empty(result.Problems);
        Assert.True(Invocation.TryParse(["explain", .. args], out var invocation, out var problem), problem);
        using StringWriter output = new(), error = new();
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Now));
        var code = await ExplainCommand.RunAsync(invocation.Request!, result.Configuration!, folder.Source, time, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
