using Gateway.Management;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Hosting.Draining;

/// <summary>While the gateway drains, makes each request the last one of its connection.</summary>
internal sealed class DrainMiddleware(RequestDelegate next, Readiness readiness)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (readiness.IsDraining)
        {
            // The server then answers with "Connection: close", or on HTTP/2 sends GOAWAY and finishes the streams that are open.
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        return next(context);
    }
}
