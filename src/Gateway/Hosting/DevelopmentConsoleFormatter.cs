using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Gateway.Hosting;

/// <summary>The log on a developer's console: one line a message, with an exception's lines behind it, and what local functions print as they print it.</summary>
/// <param name="options">The section <c>Logging:Console:FormatterOptions</c>; <c>TimestampFormat</c> and <c>UseUtcTimestamp</c> count.</param>
/// <param name="time">The clock of the time stamps.</param>
internal sealed class DevelopmentConsoleFormatter(IOptionsMonitor<ConsoleFormatterOptions> options, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>Name by which the console's options choose it.</summary>
    public const string FormatterName = "development";

    private const string FunctionsCategory = "Gateway.LocalFunctions";
    private const string LineKey = "Line";

    private static readonly bool HasColors = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var now = options.CurrentValue.UseUtcTimestamp ? time.GetUtcNow() : time.GetLocalNow();
        textWriter.Write(now.ToString(options.CurrentValue.TimestampFormat ?? "HH:mm:ss ", CultureInfo.InvariantCulture));
        if (logEntry.Category == FunctionsCategory && TryReadOutput(logEntry.State, out var function, out var requestId, out var line))
        {
            textWriter.Write($"{Paint(function, logEntry.LogLevel == LogLevel.Warning ? "33" : "36")} {requestId} | {line}{Environment.NewLine}");
            return;
        }

        textWriter.Write($"{Level(logEntry.LogLevel)} {logEntry.Category}: {logEntry.Formatter(logEntry.State, logEntry.Exception)}{Environment.NewLine}");
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write($"{exception}{Environment.NewLine}");
        }
    }

    /// <summary>Whether a message is a line that a function wrote; the log of functions has a key of that name for nothing else.</summary>
    private static bool TryReadOutput<TState>(TState state, out object? function, out object? requestId, out object? line)
    {
        function = requestId = line = null;
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            foreach (var (key, value) in values)
            {
                switch (key)
                {
                    case "Function":
                        function = value;
                        break;
                    case "RequestId":
                        requestId = value;
                        break;
                    case LineKey:
                        line = value;
                        break;
                }
            }
        }

        return line is not null;
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => Paint("info", "32"),
        LogLevel.Warning => Paint("warn", "33"),
        LogLevel.Error => Paint("fail", "31"),
        _ => Paint("crit", "31"),
    };

    /// <summary>Text in a colour of the terminal's; plain where the output is no terminal or <c>NO_COLOR</c> is set.</summary>
    private static string Paint(object? text, string color) => HasColors ? $"\e[{color}m{text}\e[0m" : $"{text}";
}
