using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Gateway.IntegrationTests;

/// <summary>Keeps every log line, so that tests can read what an operator would.</summary>
public sealed class CollectedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Line)> _lines = new();

    /// <summary>The lines so far, with their exceptions.</summary>
    public IReadOnlyList<string> Lines => [.. _lines.Select(static entry => entry.Line)];

    /// <summary>The lines of level Error and above.</summary>
    public IReadOnlyList<string> Errors => [.. _lines.Where(static entry => entry.Level >= LogLevel.Error).Select(static entry => entry.Line)];

    /// <summary>The fields of each line of the access log.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, object?>> Access { get; } = new();

    /// <summary>What was being traced while the access log's lines were written.</summary>
    public ConcurrentQueue<Activity?> Traced { get; } = new();

    /// <summary>Waits for a number of lines of the access log: each comes after its answer.</summary>
    public async Task<IReadOnlyDictionary<string, object?>[]> WaitForAccessAsync(int count)
    {
        while (Access.Count < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }

        return [.. Access];
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(CollectedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            log._lines.Enqueue((logLevel, $"{logLevel} {category} {formatter(state, exception)} {exception}"));
            if (category == "Gateway.Access")
            {
                log.Traced.Enqueue(Activity.Current);
                log.Access.Enqueue(((IReadOnlyList<KeyValuePair<string, object?>>)state!).ToDictionary());
            }
        }
    }
}
