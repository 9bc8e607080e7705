using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Backends.EventFunctions;

/// <summary>Which headers of a function's result never reach the client.</summary>
internal static class ResultHeaderRules
{
    /// <summary>Headers of one connection (RFC 9110 §7.6.1) and of framing; the gateway's connection to the client has its own.</summary>
    private static readonly FrozenSet<string> Dropped = new[]
    {
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyConnection, HeaderNames.ProxyAuthenticate, HeaderNames.ProxyAuthorization,
        HeaderNames.TE, HeaderNames.Trailer, HeaderNames.TransferEncoding, HeaderNames.Upgrade, HeaderNames.ContentLength, "HTTP2-Settings",
        "X-Ca-Request-Id", "X-Ca-Debug-Info",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The function service's own headers, and the gateway's word on errors.</summary>
    private static readonly string[] DroppedPrefixes = ["X-Fc-", "X-Ca-Error-"];

    /// <summary>Whether a header is the gateway's or the connection's business, whatever the function says.</summary>
    public static bool IsDropped(string name)
    {
        if (name[0] is 'X' or 'x')
        {
            foreach (var prefix in DroppedPrefixes)
            {
                if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return Dropped.Contains(name);
    }

    /// <summary>Whether the function's <c>Connection</c> header names another, which makes that one a header of the connection too.</summary>
    public static bool IsNamedBy(StringValues connection, string name)
    {
        foreach (var line in connection)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                if (line.AsSpan(range).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
