using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gateway.LocalFunctions.Tests;

/// <summary>Keeps what was logged, for a test to look at or wait for.</summary>
internal sealed class RecordingLoggerFactory : ILoggerFactory, ILogger
{
    private readonly Lock _lock = new();
    private readonly List<(Predicate<string> IsIt, TaskCompletionSource<string> Found)> _waiting = [];

    public ConcurrentQueue<(LogLevel Level, string? Event, Exception? Exception)> Entries { get; } = [];

    public ConcurrentQueue<string> Messages { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var message = formatter(state, exception);
        Entries.Enqueue((logLevel, eventId.Name, exception));
        lock (_lock)
        {
            Messages.Enqueue(message);
            foreach (var (_, found) in _waiting.Where(waiting => waiting.IsIt(message)))
            {
                found.TrySetResult(message);
            }
        }
    }

    /// <summary>The first message that contains a text; waits for it.</summary>
    public Task<string> WaitForAsync(string text)
    {
        lock (_lock)
        {
            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Messages.FirstOrDefault(IsIt) is { } message)
            {
                found.SetResult(message);
            }

            _waiting.Add((IsIt, found));
            return found.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        bool IsIt(string message) => message.Contains(text, StringComparison.Ordinal);
    }

    public void Dispose()
    {
    }
}
