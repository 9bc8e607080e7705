using System.Diagnostics;
using Gateway.Contracts;
using Gateway.Routing;

namespace Gateway.Observability;

/// <summary>Around everything else: the request's span, its metrics, and its line in the access log.</summary>
internal sealed class RequestTelemetryMiddleware(RequestDelegate next, ServingTable serving, RequestMetrics metrics, AccessLog accessLog)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var span = Telemetry.Spans.HasListeners() ? RequestSpan.Start(context, serving.Current.Snapshot.Observability.TrustTraceParent) : null;
        try
        {
            await next(context);
        }
        finally
        {
            End(context, span);
        }
    }

    private void End(HttpContext context, Activity? span)
    {
        var snapshot = serving.Current.Snapshot;
        var end = RequestEnd.Of(context, snapshot.Unmatched);
        metrics.RequestEnded(context, end, snapshot.Observability.AppMetrics);
        accessLog.Write(context, end, span); // Before the span ends, so that the line carries its ids.
        if (span is not null)
        {
            RequestSpan.End(span, context, end);
        }
    }
}
