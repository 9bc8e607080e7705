using Gateway.Contracts;
using Gateway.Policies.Forwarding;
using Gateway.Routing;

namespace Gateway.Requests;

/// <summary>Settles who the client is: one address and one scheme for policies, logs, backends and events.</summary>
internal sealed class ClientAddressMiddleware(RequestDelegate next, ServingTable serving)
{
    public Task InvokeAsync(HttpContext context)
    {
        var gateway = context.Gateway();
        gateway.ForwardedProto = context.Request.IsHttps ? "https" : "http";
        if (context.Connection.RemoteIpAddress is { } remote)
        {
            var peer = TrustedProxies.Normalize(remote);
            gateway.ClientAddress = peer;
            gateway.ForwardedFor = peer.ToString();

            var proxies = serving.Current.Snapshot.TrustedProxies;
            if (proxies.Contains(peer))
            {
                Believe(context, gateway, proxies, peer);
            }
        }

        return next(context);
    }

    private static void Believe(HttpContext context, GatewayFeature gateway, TrustedProxies proxies, System.Net.IPAddress peer)
    {
        var headers = context.Request.Headers;
        gateway.IsPeerTrusted = true;
        gateway.ClientAddress = proxies.Resolve(peer, headers["X-Forwarded-For"], out var chain);
        gateway.ForwardedFor = chain;

        var proto = headers["X-Forwarded-Proto"].ToString().AsSpan();
        proto = proto[(proto.LastIndexOf(',') + 1)..].Trim();
        if (proto.Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            gateway.ForwardedProto = "https";
        }
        else if (proto.Equals("http", StringComparison.OrdinalIgnoreCase))
        {
            gateway.ForwardedProto = "http";
        }
    }
}
