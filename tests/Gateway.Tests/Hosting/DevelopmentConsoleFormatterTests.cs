using Gateway.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>What a developer reads on the console. Colours are for terminals; a test's output is none.</summary>
public class DevelopmentConsoleFormatterTests
{
    [Fact]
    public void Output_OfAFunction_IsOneLineOfFunctionAndCall()
        => Assert.Equal(
            "12:34:56 nodejs 7f3a | hello there\n",
            Format("Gateway.LocalFunctions", new Dictionary<string, object?> { ["Function"] = "nodejs", ["RequestId"] = "7f3a", ["Line"] = "hello there" }));

    [Fact]
    public void Message_OfTheHost_IsOneLine()
        => Assert.Equal(
            "12:34:56 info Gateway.LocalFunctions: the message\n",
            Format("Gateway.LocalFunctions", new Dictionary<string, object?> { ["Function"] = "nodejs", ["RequestId"] = "7f3a" }));

    [Fact]
    public void Message_OfAnotherCategoryWithALine_IsNotTakenForOutput()
        => Assert.Equal("12:34:56 info Other: the message\n", Format("Other", new Dictionary<string, object?> { ["Line"] = "x" }));

    [Fact]
    public void Exception_StandsBehindItsMessage()
        => Assert.Equal("12:34:56 info Other: the message\nSystem.InvalidOperationException: gone\n", Format("Other", [], new InvalidOperationException("gone")));

    private static string Format(string category, Dictionary<string, object?> state, Exception? exception = null)
    {
        var formatter = new DevelopmentConsoleFormatter(new Options(), new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 34, 56, TimeSpan.Zero)));
        using var output = new StringWriter();
        formatter.Write(
            new LogEntry<Dictionary<string, object?>>(LogLevel.Information, category, default, state, exception, static (_, _) => "the message"), null, output);
        return output.ToString().ReplaceLineEndings("\n");
    }

    private sealed class Options : IOptionsMonitor<ConsoleFormatterOptions>
    {
        public ConsoleFormatterOptions CurrentValue { get; } = new() { UseUtcTimestamp = true };

        public ConsoleFormatterOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<ConsoleFormatterOptions, string?> listener) => null;
    }
}
