using System.Net;
using Microsoft.Extensions.Logging;

namespace Gateway.Policies;

/// <summary>Every log message of the policies; ids 1000 to 1999.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "API {ApiId}, request {RequestId}: caller refused with {Code}; AppKey {AppKey}, app {App}", EventName = "CallerRefused")]
    public static partial void CallerRefused(this ILogger logger, string apiId, string requestId, string code, string? appKey, string? app);

    [LoggerMessage(1100, LogLevel.Information, "API {ApiId}, request {RequestId}: address {Address} is refused by its IpAccess policy: {Rule}", EventName = "AddressDenied")]
    public static partial void AddressDenied(this ILogger logger, string apiId, string requestId, IPAddress? address, string rule);

    [LoggerMessage(1101, LogLevel.Error, "Request {RequestId}: its body cannot be held in folder {Folder}: {Reason}", EventName = "BodyNotHeld")]
    public static partial void BodyNotHeld(this ILogger logger, string requestId, string folder, string reason);

    [LoggerMessage(
        1200,
        LogLevel.Warning,
        "More than {MaxCounters} throttling counters are in use: those used longest ago are forgotten, and their callers start anew. Raise Gateway:ThrottlingState:MaxCounters.",
        EventName = "CountersForgotten")]
    public static partial void CountersForgotten(this ILogger logger, int maxCounters);
}
