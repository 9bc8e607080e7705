using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Backends.Http;

/// <summary>Tells the handshake of a WebSocket from every other request.</summary>
public static class WebSocketHandshake
{
    private const string Protocol = "websocket";

    /// <summary>Whether the client asks for a WebSocket: by <c>Upgrade</c>, or over HTTP/2 by an extended CONNECT (RFC 8441).</summary>
    /// <remarks>An <c>Upgrade</c> header alone decides nothing: any client may send one, and curl offers h2c with every request.</remarks>
    public static bool IsAskedFor(HttpContext context)
        => context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            ? string.Equals(context.Request.Headers.Upgrade.ToString(), Protocol, StringComparison.OrdinalIgnoreCase)
            : context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
