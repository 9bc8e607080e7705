using System.Diagnostics;
using System.Globalization;
using Gateway.Contracts;

namespace Gateway.Requests;

/// <summary>The header <c>X-Ca-Debug-Info</c>, for requests with <c>X-Ca-Request-Mode: debug</c>.</summary>
internal static class DebugInfo
{
    /// <summary>Response header, e.g. <c>{"ServiceLatency":12,"TotalLatency":13}</c>, both in whole milliseconds until the answer's head.</summary>
    public const string Header = "X-Ca-Debug-Info";

    /// <summary>Sets the header. Runs when the answer's head is about to be sent.</summary>
    public static Task Write(HttpContext context)
    {
        var gateway = context.Gateway();
        var now = Stopwatch.GetTimestamp();
        var service = gateway.BackendStartedAt == 0
            ? TimeSpan.Zero
            : Stopwatch.GetElapsedTime(gateway.BackendStartedAt, gateway.BackendAnsweredAt == 0 ? now : gateway.BackendAnsweredAt);
        var total = Stopwatch.GetElapsedTime(gateway.StartedAt, now);
        context.Response.Headers[Header] = string.Create(
            CultureInfo.InvariantCulture, $$"""{"ServiceLatency":{{(long)service.TotalMilliseconds}},"TotalLatency":{{(long)total.TotalMilliseconds}}}""");
        return Task.CompletedTask;
    }
}
