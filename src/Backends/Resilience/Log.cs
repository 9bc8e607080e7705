using Microsoft.Extensions.Logging;

namespace Gateway.Backends.Resilience;

/// <summary>Every log message of retries, circuits and health, ids 3020 to 3039.</summary>
internal static partial class Log
{
    [LoggerMessage(3020, LogLevel.Information, "API {ApiId}, request {RequestId}: try {Attempt} failed ({Cause}), trying again", EventName = "CallRetried")]
    public static partial void CallRetried(this ILogger logger, string? apiId, string requestId, int attempt, string cause);

    [LoggerMessage(3021, LogLevel.Warning, "Backend {Backend}: circuit open for {OpenFor}, {Reason}", EventName = "CircuitOpened")]
    public static partial void CircuitOpened(this ILogger logger, string backend, string reason, TimeSpan openFor);

    [LoggerMessage(3022, LogLevel.Information, "Backend {Backend}: circuit closed, a call has succeeded", EventName = "CircuitClosed")]
    public static partial void CircuitClosed(this ILogger logger, string backend);

    [LoggerMessage(3023, LogLevel.Warning, "Backend {Backend}: address {Address} is out of rotation, {Available} of {All} left", EventName = "AddressLost")]
    public static partial void AddressLost(this ILogger logger, string backend, string address, int available, int all);

    [LoggerMessage(3024, LogLevel.Information, "Backend {Backend}: address {Address} is back in rotation, {Available} of {All} in use", EventName = "AddressBack")]
    public static partial void AddressBack(this ILogger logger, string backend, string address, int available, int all);
}
