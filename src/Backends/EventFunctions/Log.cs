using Microsoft.Extensions.Logging;

namespace Gateway.Backends.EventFunctions;

/// <summary>Every log message of event functions, ids 3100 to 3199. Text of a function comes through <see cref="VisibleText"/>.</summary>
internal static partial class Log
{
    [LoggerMessage(3100, LogLevel.Warning,
        "Function {Function} of API {ApiId} failed, request {RequestId}, call {CallId}: {Reason}. It "
        + "answered: {Answer}",
        EventName = "FunctionFailed")]
    public static partial void FunctionFailed(
        this ILogger logger, string function, string apiId, string requestId, string callId, string reason, string answer);

    [LoggerMessage(3101, LogLevel.Warning,
        "The function service throttles {Function} of API {ApiId}, request {RequestId}: {Reason}. It "
        + "answered: {Answer}",
        EventName = "FunctionThrottled")]
    public static partial void FunctionThrottled(this ILogger logger, string function, string apiId, string requestId, string reason, string answer);

    [LoggerMessage(3102, LogLevel.Warning,
        "Function {Function} of API {ApiId} returned no valid result, request {RequestId}, call {CallId}: {Problem}. It "
        + "begins: {Result}",
        EventName = "FunctionResultInvalid")]
    public static partial void FunctionResultInvalid(
        this ILogger logger, string function, string apiId, string requestId, string callId, string problem, string result);

    [LoggerMessage(3103, LogLevel.Warning, "The answer of function {Function} of API {ApiId} broke off, request {RequestId}.",
        EventName = "FunctionAnswerBroken")]
    public static partial void FunctionAnswerBroken(this ILogger logger, Exception exception, string function, string apiId, string requestId);

    [LoggerMessage(3104, LogLevel.Warning,
        "Function {Function} of API {ApiId} did not finish its answer within {Timeout}, request "
        + "{RequestId}.",
        EventName = "FunctionAnswerTimedOut")]
    public static partial void FunctionAnswerTimedOut(this ILogger logger, string function, string apiId, string requestId, TimeSpan timeout);

    [LoggerMessage(3105, LogLevel.Warning,
        "Left out {Count} headers of function {Function} of API {ApiId} that no answer can have, request "
        + "{RequestId}; the first: {Header}",
        EventName = "FunctionHeadersDropped")]
    public static partial void FunctionHeadersDropped(this ILogger logger, string function, string apiId, string requestId, int count, string? header);

    [LoggerMessage(3106, LogLevel.Debug,
        "Function {Function} of API {ApiId} returned a field that results do not have, request {RequestId}: "
        + "{Field}",
        EventName = "FunctionFieldUnknown")]
    public static partial void FunctionFieldUnknown(this ILogger logger, string function, string apiId, string requestId, string field);
}
