using System.Buffers;
using Gateway.Contracts;
using Gateway.Routing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Requests;

/// <summary>Refuses what no API may see: methods that are never forwarded, oversize heads, repeated credentials.</summary>
/// <remarks>Kestrel's own limits lie above these, so that the refusal is ours, with code and request id, and the connection lives on.</remarks>
internal sealed class RequestRulesMiddleware(RequestDelegate next, ServingTable serving)
{
    /// <summary>What no header value may hold (RFC 9110 §5.5); the server itself refuses only CR, LF and NUL.</summary>
    private static readonly SearchValues<char> ControlCharacters = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Where(static c => c != '\t').Append(0x7f).Select(static c => (char)c)]);

    private const string RequestModeHeader = "X-Ca-Request-Mode";

    /// <summary>Longest method, in characters; the longest that is registered has 17 (<c>UPDATEREDIRECTREF</c>).</summary>
    private const int LongestMethod = 64;

    public Task InvokeAsync(HttpContext context)
    {
        var gateway = context.Gateway();
        var limits = serving.Current.Snapshot.Limits;
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

        if (context.Request.Method.Length > LongestMethod)
        {
            context.Fail(GatewayError.UnsupportedMethod, "too long");
        }
        else if (!IsForwardedMethod(context))
        {
            context.Fail(GatewayError.UnsupportedMethod, context.Request.Method);
        }
        else if (raw.Length > limits.Url.Bytes)
        {
            context.Fail(GatewayError.UrlTooLarge);
        }
        else if (!RequestTarget.TryParse(raw, out var target))
        {
            context.Fail(GatewayError.InvalidUri, "the target must be a path");
        }
        else if (!IsForwardedQuery(target.Query))
        {
            context.Fail(GatewayError.InvalidUri, "the query holds characters that must be percent-encoded");
        }
        else
        {
            gateway.Target = target;
            CheckHeaders(context, gateway, limits.Headers.Bytes);
        }

        return gateway.Failure is null ? next(context) : Task.CompletedTask;
    }

    /// <summary>
    /// Any token but CONNECT, TRACE and case variants of standard methods, which a backend might take for the standard one. The CONNECT of
    /// a WebSocket over HTTP/2 (RFC 8441) is a GET in all but name.
    /// </summary>
    private static bool IsForwardedMethod(HttpContext context)
    {
        var method = context.Request.Method;
        var standard = HttpMethods.GetCanonicalizedValue(method);
        if (HttpMethods.IsConnect(standard))
        {
            return context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };
        }

        return standard == method && !HttpMethods.IsTrace(method);
    }

    /// <summary>
    /// Refuses what cannot stand in a query (RFC 3986 §3.4). It goes on byte for byte, and the server lets a lone CR pass in a request line and a
    /// blank in an HTTP/2 path: a backend that ends lines or words there would read a request that nobody checked.
    /// </summary>
    private static bool IsForwardedQuery(ReadOnlySpan<char> query) => !query.ContainsAnyExceptInRange('!', '~') && !query.Contains('#');

    private static void CheckHeaders(HttpContext context, GatewayFeature gateway, long maxBytes)
    {
        long bytes = 0;
        foreach (var (name, values) in context.Request.Headers)
        {
            for (var i = 0; i < values.Count; i++)
            {
                var value = values[i].AsSpan();
                bytes += name.Length + value.Length + 4;
                if (value.ContainsAny(ControlCharacters))
                {
                    context.Fail(GatewayError.InvalidHeader, $"`{name}` holds a control character");
                    return;
                }
            }

            if (values.Count > 1 && IsCredential(name))
            {
                context.Fail(GatewayError.InvalidHeader, $"`{name}` must not be repeated");
                return;
            }

            if (name.Length == RequestModeHeader.Length && name.Equals(RequestModeHeader, StringComparison.OrdinalIgnoreCase))
            {
                AskForDebugInfo(context, gateway, values);
            }
        }

        if (bytes > maxBytes)
        {
            context.Fail(GatewayError.HeadersTooLarge);
        }
        else if (!IsTransferCodingKnown(context.Request.Headers.TransferEncoding))
        {
            context.Fail(GatewayError.InvalidHeader, "`Transfer-Encoding` must be `chunked`");
        }
    }

    /// <summary>The server takes <c>gzip, chunked</c> and undoes the chunks only: a backend would get bytes and no word on how to read them.</summary>
    private static bool IsTransferCodingKnown(StringValues coding)
        => coding.Count == 0 || (coding.Count == 1 && string.Equals(coding[0], "chunked", StringComparison.OrdinalIgnoreCase));

    /// <summary>Headers of which a proxy and a backend might each believe another copy.</summary>
    private static bool IsCredential(string name)
        => name.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase)
            || name.Equals(CaHeaders.Key, StringComparison.OrdinalIgnoreCase)
            || name.Equals(CaHeaders.Signature, StringComparison.OrdinalIgnoreCase);

    private static void AskForDebugInfo(HttpContext context, GatewayFeature gateway, StringValues mode)
    {
        if (!gateway.IsDebug && mode.Count == 1 && string.Equals(mode[0], "debug", StringComparison.OrdinalIgnoreCase))
        {
            gateway.IsDebug = true;
            context.Response.OnStarting(static state => DebugInfo.Write((HttpContext)state), context);
        }
    }
}
