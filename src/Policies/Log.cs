using Microsoft.Extensions.Logging;

namespace Gateway.Policies;

/// <summary>Every log message of the policies. Ids: throttling 1200 to 1249, CORS 1250 to 1299.</summary>
internal static partial class Log
{
    [LoggerMessage(
        1200,
        LogLevel.Warning,
        "More than {MaxCounters} throttling counters are in use: those used longest ago are forgotten, and their callers start anew. Raise Gateway:ThrottlingState:MaxCounters.",
        EventName = "CountersForgotten")]
    public static partial void CountersForgotten(this ILogger logger, int maxCounters);
}
