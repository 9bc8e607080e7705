using Gateway.Backends.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Hosting.Draining;

/// <summary>Gives a WebSocket a stream that the gateway can close, before YARP takes it.</summary>
internal sealed class WebSocketDrainMiddleware(RequestDelegate next, WebSocketDrain drain)
{
    public Task InvokeAsync(HttpContext context) => WebSocketHandshake.IsAskedFor(context) ? InvokeClosableAsync(context) : next(context);

    private async Task InvokeClosableAsync(HttpContext context)
    {
        using var upgrade = new ClosableUpgrade(context.Features, drain.Closing);
        context.Features.Set<IHttpUpgradeFeature>(upgrade);
        context.Features.Set<IHttpExtendedConnectFeature>(upgrade);
        await next(context);
    }
}
