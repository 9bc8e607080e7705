using Microsoft.Extensions.Logging;

namespace Gateway.LocalFunctions;

/// <summary>Messages of this project; ids 5000 to 5999.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Information, "Local function {Function} answers at {Address}", EventName = "LocalFunctionStarted")]
    public static partial void Started(ILogger logger, string function, Uri address);

    [LoggerMessage(5001, LogLevel.Error, "Local function {Function} failed, request {RequestId}", EventName = "LocalFunctionFailed")]
    public static partial void Failed(ILogger logger, Exception exception, string function, string requestId);

    [LoggerMessage(
        5002, LogLevel.Error, "Local function {Function} exceeded {Timeout}, request {RequestId}", EventName = "LocalFunctionTimedOut")]
    public static partial void TimedOut(ILogger logger, string function, TimeSpan timeout, string requestId);
}
