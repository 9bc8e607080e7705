using System.Collections.Frozen;
using Gateway.Contracts;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Backends.Http;

/// <summary>Which of the client's headers go on: the one rule for web functions and for the <c>headers</c> of an event.</summary>
/// <remarks>
/// Dropped are headers of the connection (RFC 9110 §7.6.1, those that <c>Connection</c> names included), framing, whatever the gateway
/// itself sets or a function takes as its platform's word, and spellings of those names with <c>_</c> or <c>.</c> that a backend may fold
/// to the same name. Kestrel rewrites <c>Connection: keep-alive, X-Hop</c> to <c>keep-alive</c> alone before anybody can read it (and so for
/// <c>close</c> and <c>upgrade</c>), so that X-Hop then passes; a test notices when this changes. <c>Host</c> and <c>Content-Length</c> are
/// the caller's business: a web function and an event treat them differently.
/// </remarks>
internal static class RequestHeaderRules
{
    private const string ForwardedPrefix = "X-Forwarded-";

    /// <summary>Names that a folded spelling may not imitate, beside headers of the connection and the prefixes; each has a hyphen to fold to.</summary>
    private static readonly FrozenSet<string> Imitated = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        [
            HeaderNames.ContentLength, HeaderNames.ContentMD5, "X-Acs-Date", "X-Acs-Security-Token",
            .. CaHeaders.OfSignatures, CaHeaders.Stage, "X-Ca-Request-Id", "X-Ca-Request-Mode", CaHeaders.ApiGateway,
        ]);

    private static readonly string[] DroppedPrefixes = ["X-Fc-", "X-Ca-Proxy-"];

    /// <summary>Whether a header goes on to the backend.</summary>
    /// <param name="name">The name as sent.</param>
    /// <param name="values">Its values.</param>
    /// <param name="connection">The request's <c>Connection</c> header.</param>
    /// <param name="gateway">What is known of the request.</param>
    public static bool Passes(string name, StringValues values, StringValues connection, GatewayFeature gateway)
    {
        if (name[0] == ':' || HopByHopHeaders.Contains(name)) // HTTP/2's pseudo-headers stand among the others.
        {
            return false;
        }

        if (name[0] is 'X' or 'x')
        {
            if (HasDroppedPrefix(name)
                || (!gateway.IsPeerTrusted && name.StartsWith(ForwardedPrefix, StringComparison.OrdinalIgnoreCase))
                || IsSetByGateway(name))
            {
                return false;
            }
        }
        else if (name.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase))
        {
            return !IsAppCode(values);
        }
        else if (!gateway.IsPeerTrusted && name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return !(name.AsSpan().ContainsAny('_', '.') && Imitates(name))
            && (connection.Count == 0 || !HopByHopHeaders.IsNamedBy(connection, name));
    }

    /// <summary>Whether a header is one of the W3C trace context, which the gateway writes anew where it records a span.</summary>
    public static bool IsTraceContext(string name)
        => name.Equals(HeaderNames.TraceParent, StringComparison.OrdinalIgnoreCase) || name.Equals(HeaderNames.TraceState, StringComparison.OrdinalIgnoreCase);

    /// <summary>What the gateway writes itself, whoever sent it, and what Kestrel makes of a length beside chunks.</summary>
    private static bool IsSetByGateway(string name)
        => name.Equals("X-Forwarded-For", StringComparison.OrdinalIgnoreCase)
            || name.Equals("X-Forwarded-Proto", StringComparison.OrdinalIgnoreCase)
            || name.Equals("X-Forwarded-Host", StringComparison.OrdinalIgnoreCase)
            || name.Equals(CaHeaders.ApiGateway, StringComparison.OrdinalIgnoreCase)
            || name.Equals("X-Content-Length", StringComparison.OrdinalIgnoreCase);

    private static bool HasDroppedPrefix(string name)
    {
        foreach (var prefix in DroppedPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAppCode(StringValues values)
        => values.Count > 0 && values[0].AsSpan().TrimStart() is { Length: >= 7 } value
            && value.StartsWith("APPCODE", StringComparison.OrdinalIgnoreCase)
            && (value.Length == 7 || value[7] is ' ' or '\t');

    private static bool Imitates(string name)
    {
        var folded = string.Create(name.Length, name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = source[i] is '_' or '.' ? '-' : source[i];
            }
        });
        return HopByHopHeaders.Contains(folded) || Imitated.Contains(folded) || HasDroppedPrefix(folded)
            || folded.StartsWith(ForwardedPrefix, StringComparison.OrdinalIgnoreCase);
    }
}
