using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;

namespace Gateway.Backends.Http;

/// <summary>Which of a backend's response headers reach the client.</summary>
/// <remarks>Dropped are headers of the connection and framing, and those by which a client tells the gateway's own word: a backend cannot forge them.</remarks>
internal static class ResponseHeaderRules
{
    private const string ErrorPrefix = "X-Ca-Error-";

    private static readonly FrozenSet<string> Dropped = new[]
    {
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyConnection, HeaderNames.ProxyAuthenticate, HeaderNames.TE, HeaderNames.Trailer,
        HeaderNames.TransferEncoding, HeaderNames.Upgrade, "X-Ca-Request-Id", "X-Ca-Debug-Info",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a header goes on to the client.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="connection">Value of the answer's <c>Connection</c> header; empty for none.</param>
    public static bool Passes(string name, string connection)
    {
        if (Dropped.Contains(name) || name.StartsWith(ErrorPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var range in connection.AsSpan().Split(','))
        {
            if (connection.AsSpan(range).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }
}
