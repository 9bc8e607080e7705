using Microsoft.Extensions.Logging;

namespace Gateway.LocalFunctions;

/// <summary>Messages of this project; ids 5000 to 5999.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Error, "Local function {Function} failed, request {RequestId}", EventName = "LocalFunctionFailed")]
    public static partial void Failed(this ILogger logger, Exception exception, string function, string requestId);

    [LoggerMessage(5002, LogLevel.Error, "Local function {Function} exceeded {Timeout}, request {RequestId}", EventName = "LocalFunctionTimedOut")]
    public static partial void TimedOut(this ILogger logger, string function, TimeSpan timeout, string requestId);

    [LoggerMessage(5003, LogLevel.Information, "{Function} {RequestId} {Line}", EventName = "LocalFunctionOutput")]
    public static partial void Output(this ILogger logger, string function, string requestId, string line);

    [LoggerMessage(5004, LogLevel.Warning, "{Function} {RequestId} {Line}", EventName = "LocalFunctionErrorOutput")]
    public static partial void Error(this ILogger logger, string function, string requestId, string line);

    [LoggerMessage(5005, LogLevel.Error, "Local function {Function} cannot be started, request {RequestId}: {Reason}", EventName = "LocalFunctionNotStarted")]
    public static partial void NotStarted(this ILogger logger, string function, string reason, string requestId);

    [LoggerMessage(5006, LogLevel.Error, "The process of local function {Function} ended during request {RequestId}: {Reason}", EventName = "LocalFunctionExited")]
    public static partial void Exited(this ILogger logger, string function, string requestId, string reason);

    [LoggerMessage(5007, LogLevel.Warning, "Local function {Function} has reached its Concurrency of {Concurrency}; request {RequestId} is refused. Raise it to allow more", EventName = "LocalFunctionBusy")]
    public static partial void TooManyCalls(this ILogger logger, string function, int concurrency, string requestId);

    [LoggerMessage(5008, LogLevel.Warning, "Local function {Function} cannot be called: {Missing}", EventName = "LocalFunctionRuntimeMissing")]
    public static partial void Missing(this ILogger logger, string function, string missing);
}
