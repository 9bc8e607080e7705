using System.Diagnostics;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends;

/// <summary>Measures each call to a backend and ends its span, once it is known how it went. Runs inside the proxy pipeline.</summary>
internal sealed class BackendTelemetryMiddleware(RequestDelegate next, IBackendSource backends, BackendMetrics metrics)
{
    /// <summary>Makes the call, then looks how it went.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var api = backends.FindRoute(context.GetRouteModel().Config.RouteId);
        try
        {
            await next(context);
        }
        finally
        {
            End(context, api);
        }
    }

    /// <summary>A call that was never begun, because a body broke off or no address was left, is neither measured nor a span.</summary>
    private void End(HttpContext context, ApiBackend api)
    {
        var gateway = context.Gateway();
        var span = gateway.BackendSpan;
        if (gateway.BackendStartedAt == 0)
        {
            BackendSpans.Forget(span);
            return;
        }

        gateway.BackendEndedAt = Stopwatch.GetTimestamp();
        var errorType = BackendMetrics.ErrorTypeOf(gateway, context.RequestAborted.IsCancellationRequested);
        metrics.CallEnded(gateway, api, errorType);
        if (span is not null)
        {
            BackendSpans.End(span, gateway, errorType);
        }
    }
}
