using Gateway.Backends.EventFunctions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends;

/// <summary>What others may ask about a request's call of an event function.</summary>
public static class EventCalls
{
    /// <summary>True when the function did not answer in time: a failure that the forwarder reports is then that one.</summary>
    public static bool HasTimedOut(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<EventCall>() is { TimedOut: true };
    }
}
