using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Hosting;

/// <summary>The limits of the server that faces the clients. Each may be set in <c>Kestrel:Limits</c>; docs/operations.md lists them.</summary>
/// <remarks>Those of sizes lie above the gateway's own, so that refusals are ours, with code and request id.</remarks>
internal static class ServerLimits
{
    /// <summary>Sets the defaults, then what the operator says.</summary>
    /// <param name="limits">The server's limits.</param>
    /// <param name="section">The section <c>Kestrel:Limits</c>, whose keys are the names of the limits. Kestrel itself does not read it.</param>
    /// <exception cref="InvalidOperationException">The section has a key or a value that is none.</exception>
    public static void Apply(KestrelServerLimits limits, IConfiguration section)
    {
        limits.MaxRequestBodySize = null; // Each API has its own.
        limits.MaxRequestLineSize = 72 << 10; // Above the largest Limits:Url.
        limits.MaxRequestHeadersTotalSize = 160 << 10; // Above the largest Limits:Headers.
        limits.MaxRequestHeaderCount = 1000;
        limits.MaxRequestBufferSize = 256 << 10;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        limits.MaxConcurrentConnections = 20_000; // At some 20 KB each.
        limits.MaxConcurrentUpgradedConnections = 1000;
        limits.Http2.InitialStreamWindowSize = 64 << 10; // What one stream may make us hold; the connection's window bounds all of them.
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        limits.MinRequestBodyDataRate = ReadRate(section, nameof(limits.MinRequestBodyDataRate)) ?? limits.MinRequestBodyDataRate;
        limits.MinResponseDataRate = ReadRate(section, nameof(limits.MinResponseDataRate)) ?? limits.MinResponseDataRate;
        section.Bind(limits, static binder => binder.ErrorOnUnknownConfiguration = true);
    }

    /// <summary>A rate never changes, so the binder cannot set it in its place.</summary>
    private static MinDataRate? ReadRate(IConfiguration section, string key) => section.GetSection(key).Get<MinDataRate>();
}
