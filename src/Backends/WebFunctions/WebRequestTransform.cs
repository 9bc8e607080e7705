using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Backends.Http;
using Gateway.Backends.ProxySignatures;
using Gateway.Backends.Resilience;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Backends.WebFunctions;

/// <summary>Sends the request on as it came: raw target, headers by the one rule, and the gateway's forwarding headers. The body streams.</summary>
/// <param name="api">The API; its backend is a web function.</param>
/// <param name="time">The clock of system parameters.</param>
internal sealed class WebRequestTransform(ApiBackend api, TimeProvider time) : RequestTransform
{
    private static readonly UriCreationOptions Exact = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private readonly ApiRequestRules _rules = new(api, time);
    private readonly ProxySignedParts? _signed = api.Options is WebFunctionOptions { ProxySignature: not null } ? new ProxySignedParts(api) : null;
    private readonly bool _isRepeated = AttemptRules.AreNeeded(api.Options);
    private readonly HttpMethod? _method = api.BackendMethod is { } method ? HttpMethod.Parse(method) : null;
    private readonly (string Literal, int Segment)[]? _backendPath = CompileBackendPath(api);

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        if (_signed is not null)
        {
            return ApplySignedAsync(_signed, context);
        }

        Apply(context);
        return default;
    }

    /// <summary>The signature covers the fields of a form, so that one is read before it is sent.</summary>
    private async ValueTask ApplySignedAsync(ProxySignedParts signed, RequestTransformContext context)
    {
        if (await signed.TryAttachAsync(context.ProxyRequest, context.HttpContext, context.CancellationToken))
        {
            Apply(context);
        }
    }

    private void Apply(RequestTransformContext context)
    {
        var http = context.HttpContext;
        var gateway = http.Gateway();
        var request = context.ProxyRequest;

        BackendSpans.Start(http, api, context.DestinationPrefix, (_method ?? request.Method).Method);
        CopyHeaders(context, http.Request.Headers, gateway);
        request.RequestUri = new Uri(BuildUri(context.DestinationPrefix, http, gateway.Target), Exact);
        if (WebSocketHandshake.IsAskedFor(http))
        {
            request.Options.Set(AnswerTimeoutHandler.Timeout, api.Timeout);
        }
        else
        {
            request.Method = _method ?? request.Method;
            CountBody(http, gateway);
            if (_isRepeated)
            {
                BackendCall.Attach(request, http, isEvent: false);
            }
        }

        gateway.BackendStartedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>A chunked body's length is known only when it has passed.</summary>
    private static void CountBody(HttpContext http, GatewayFeature gateway)
    {
        if (http.Request.ContentLength is null && !http.Request.Body.CanSeek && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            http.Request.Body = new CountedStream(http.Request.Body, gateway, isRequest: true);
        }
    }

    private void CopyHeaders(RequestTransformContext context, IHeaderDictionary headers, GatewayFeature gateway)
    {
        var connection = headers.Connection;
        var span = BackendSpans.Context(gateway);
        foreach (var (name, values) in headers)
        {
            if (!name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
                && RequestHeaderRules.Passes(name, values, connection, gateway)
                && !_rules.RemovesHeader(name)
                && !(span is not null && RequestHeaderRules.IsTraceContext(name))
                && !IsFramedAnew(name, headers))
            {
                AddHeader(context, name, values);
            }
        }

        var outgoing = context.ProxyRequest.Headers;
        if (gateway.ForwardedFor.Length > 0)
        {
            outgoing.TryAddWithoutValidation("X-Forwarded-For", gateway.ForwardedFor);
        }

        outgoing.TryAddWithoutValidation("X-Forwarded-Proto", gateway.ForwardedProto);
        if (gateway.ForwardedHost.Length > 0)
        {
            outgoing.TryAddWithoutValidation("X-Forwarded-Host", gateway.ForwardedHost);
        }

        outgoing.TryAddWithoutValidation(CaHeaders.ApiGateway, gateway.RequestId);
        foreach (var parameter in _rules.Headers)
        {
            outgoing.TryAddWithoutValidation(parameter.Name, _rules.Values.Read(parameter.Value, context.HttpContext));
        }

        AddTraceContext(outgoing, span);
        AllowTrailers(outgoing, headers);
    }

    private static void AddTraceContext(HttpRequestHeaders outgoing, Activity? span)
    {
        if (span is not null)
        {
            outgoing.TryAddWithoutValidation(HeaderNames.TraceParent, span.Id);
            if (span.TraceStateString is { Length: > 0 } state)
            {
                outgoing.TryAddWithoutValidation(HeaderNames.TraceState, state);
            }
        }
    }

    /// <summary>A message with both framings is chunked (RFC 9112 §6.3): its Content-Length must not go on.</summary>
    private static bool IsFramedAnew(string name, IHeaderDictionary headers)
        => name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) && headers.TransferEncoding.Count > 0;

    /// <summary><c>TE</c> is a header of the connection; that the client takes trailers is told anew.</summary>
    private static void AllowTrailers(HttpRequestHeaders outgoing, IHeaderDictionary headers)
    {
        var te = headers.TE;
        if (te.Count > 0 && te.ToString().Contains("trailers", StringComparison.OrdinalIgnoreCase))
        {
            outgoing.TryAddWithoutValidation(HeaderNames.TE, "trailers");
        }
    }

    /// <summary>Address, path and query, each byte as sent; <c>BackendPath</c> takes the raw segments.</summary>
    private string BuildUri(string prefix, HttpContext http, RequestTarget target)
    {
        var address = prefix.AsSpan().TrimEnd('/');
        var query = _rules.Query is { } rules ? rules.Apply(http) : target.QueryWithMark;
        if (_backendPath is null)
        {
            return string.Concat(address, target.Path, query);
        }

        var uri = new StringBuilder(prefix.Length + 64).Append(address);
        foreach (var (literal, segment) in _backendPath)
        {
            uri.Append('/').Append(literal);
            if (segment >= 0)
            {
                uri.Append(api.Path.RawSegment(target.Path, segment));
            }
        }

        return uri.Append(query).ToString();
    }

    /// <summary>The segments of <c>BackendPath</c>: a literal as the operator wrote it, or the index of the API's segment that stands there.</summary>
    private static (string Literal, int Segment)[]? CompileBackendPath(ApiBackend api)
    {
        if (api.BackendPath is not { } template)
        {
            return null;
        }

        var written = template.Text[1..].Split('/');
        return [.. template.Segments.Select((segment, i) => segment.Kind switch
        {
            PathSegmentKind.Literal => (EscapeBeyondAscii(written[i]), -1),
            PathSegmentKind.Parameter => ("", api.Path.IndexOf(segment.Text)),
            _ => ("", api.Path.Segments.Length - 1),
        })];
    }

    private static string EscapeBeyondAscii(string text)
        => string.Concat(text.EnumerateRunes().Select(static rune => rune.IsAscii && rune.Value > ' ' ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));
}
