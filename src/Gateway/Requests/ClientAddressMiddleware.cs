using Gateway.Contracts;
using Gateway.Policies.Forwarding;
using Gateway.Routing;
using Microsoft.Extensions.Primitives;

namespace Gateway.Requests;

/// <summary>Settles who the client is: one address and one scheme for policies, logs, backends and events.</summary>
internal sealed class ClientAddressMiddleware(RequestDelegate next, ServingTable serving)
{
    public Task InvokeAsync(HttpContext context)
    {
        var gateway = context.Gateway();
        gateway.ForwardedProto = context.Request.IsHttps ? "https" : "http";
        gateway.ForwardedHost = context.Request.Headers.Host.ToString();
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

        if (headers.TryGetValue("X-Forwarded-Host", out var host) && LastOf(host) is { IsEmpty: false } lastHost)
        {
            gateway.ForwardedHost = lastHost.ToString();
        }

        var proto = LastOf(headers["X-Forwarded-Proto"]);
        if (proto.Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            gateway.ForwardedProto = "https";
        }
        else if (proto.Equals("http", StringComparison.OrdinalIgnoreCase))
        {
            gateway.ForwardedProto = "http";
        }
    }

    /// <summary>What the nearest proxy said; entries before it may be anybody's.</summary>
    private static ReadOnlySpan<char> LastOf(StringValues values)
    {
        var text = values.Count == 0 ? default : values[^1].AsSpan();
        return text[(text.LastIndexOf(',') + 1)..].Trim();
    }
}
