namespace Gateway.Commands.Invoking;

/// <summary>Shows the gateway's own warnings and errors on standard error: the cause of what the answer only names.</summary>
/// <param name="error">Where they go.</param>
internal sealed class ErrorLog(TextWriter error) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName)
        => new Logger(error, categoryName.StartsWith("Gateway.", StringComparison.Ordinal) && categoryName != "Gateway.LocalFunctions");

    public void Dispose()
    {
        // The writer is the caller's.
    }

    private sealed class Logger(TextWriter error, bool isShown) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => isShown && logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                error.WriteLine($"gateway: {formatter(state, exception)}{(exception is null ? "" : $": {exception.Message}")}");
            }
        }
    }
}
