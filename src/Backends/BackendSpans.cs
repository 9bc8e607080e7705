using System.Diagnostics;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends;

/// <summary>The span of a call to a backend: of kind client, below the request's, and the parent of whatever the function records.</summary>
internal static class BackendSpans
{
    /// <summary>Starts the span, when somebody records it. Before anything is written for the backend, because its context is part of that.</summary>
    /// <param name="http">The request.</param>
    /// <param name="api">The API's use of its backend.</param>
    /// <param name="prefix">The address that was chosen.</param>
    /// <param name="method">HTTP method of the call.</param>
    public static void Start(HttpContext http, ApiBackend api, string prefix, string method)
    {
        var before = Activity.Current;
        if (!Telemetry.Spans.HasListeners() || before is { IsAllDataRequested: false })
        {
            return; // A trace that is not sampled goes on in the request's own span, which the backend is then told.
        }

        var span = Telemetry.Spans.StartActivity(method, ActivityKind.Client);
        Activity.Current = before; // The span is carried by the request; what runs beside it is not part of the call.
        http.Gateway().BackendSpan = span;
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        var address = new Uri(prefix);
        span.SetTag("http.request.method", method);
        span.SetTag("server.address", address.IdnHost);
        span.SetTag("server.port", address.Port);
        span.SetTag(Telemetry.Api, api.ApiId);
        span.SetTag(Telemetry.Backend, api.BackendName);
        span.SetTag("gateway.backend.type", BackendMetrics.TypeOf(api.Options));
        if (api.Options is EventFunctionOptions function)
        {
            span.SetTag("faas.invoked_name", function.Function ?? api.BackendName);
            if (function.Invoke == InvokeProtocol.FunctionCompute)
            {
                span.SetTag("faas.invoked_provider", "alibaba_cloud");
            }
        }
    }

    /// <summary>Ends the span of a call.</summary>
    public static void End(Activity span, GatewayFeature gateway, string? errorType)
    {
        if (span.IsAllDataRequested)
        {
            if (gateway.BackendStatus > 0)
            {
                span.SetTag("http.response.status_code", gateway.BackendStatus);
            }

            if (gateway.InvocationId is { } id)
            {
                span.SetTag("faas.invocation_id", id);
            }

            if (errorType is not null)
            {
                span.SetTag("error.type", errorType);
                if (errorType != BackendMetrics.ClientClosed)
                {
                    span.SetStatus(ActivityStatusCode.Error);
                }
            }
        }

        Stop(span);
    }

    /// <summary>Ends the span of a call that was never made, so that it is not exported.</summary>
    public static void Forget(Activity? span)
    {
        if (span is not null)
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.IsAllDataRequested = false;
            Stop(span);
        }
    }

    /// <summary>The span whose context the backend is told: the call's, or the request's where the call's is not recorded; null to leave the client's headers.</summary>
    /// <remarks>A span without a listening source is only the server's own log scope: sending its id would invent a parent nobody ever exports.</remarks>
    public static Activity? Context(GatewayFeature gateway)
        => gateway.BackendSpan ?? (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity && activity.Source.HasListeners() ? activity : null);

    private static void Stop(Activity span)
    {
        var before = Activity.Current;
        span.Stop();
        Activity.Current = before;
    }
}
