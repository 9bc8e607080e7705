using System.Diagnostics;
using Gateway.Contracts;

namespace Gateway.Observability;

/// <summary>The span of a request, of kind server. The framework's own stays off, so that there is one.</summary>
/// <remarks>Attributes follow OpenTelemetry's semantic conventions for HTTP; docs/observability.md lists them.</remarks>
internal static class RequestSpan
{
    private const int LongestText = 1024;

    /// <summary>What methods are called that are not standard.</summary>
    public const string OtherMethod = "_OTHER";

    /// <summary>Starts the span.</summary>
    /// <param name="context">The request.</param>
    /// <param name="trustParent">Whether the caller's trace is continued; else it is linked to.</param>
    /// <returns>Null when it is not sampled.</returns>
    public static Activity? Start(HttpContext context, bool trustParent)
    {
        var headers = context.Request.Headers;
        var parent = default(ActivityContext);
        if (headers.TraceParent is [{ } traceParent])
        {
            ActivityContext.TryParse(traceParent, headers.TraceState.ToString(), isRemote: true, out parent);
        }

        var links = trustParent || parent == default ? null : new[] { new ActivityLink(parent) };
        Activity.Current = null; // A parent is what the caller says, never what happens to run in this thread.
        var span = Telemetry.Spans.StartActivity(ActivityKind.Server, trustParent ? parent : default, links: links, name: MethodOf(context));
        if (span is { IsAllDataRequested: true })
        {
            Describe(span, context);
        }

        return span;
    }

    /// <summary>Tells how the request ended, and ends the span.</summary>
    public static void End(Activity span, HttpContext context, in RequestEnd end)
    {
        if (span.IsAllDataRequested)
        {
            Describe(span, context.Gateway(), end);
            if (end.Labels.Route.Length > 0)
            {
                span.SetTag("http.route", end.Labels.Route);
                span.DisplayName = string.Concat(MethodOf(context), " ", end.Labels.Route);
            }
        }

        span.Stop();
    }

    /// <summary>What a client may write into a span has a limit: a refused request is traced, too, before its size is judged.</summary>
    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText];

    private static void Describe(Activity span, HttpContext context)
    {
        var request = context.Request;
        var host = request.Host;
        span.SetTag("http.request.method", MethodOf(context));
        if (MethodOf(context) == OtherMethod)
        {
            span.SetTag("http.request.method_original", Cut(request.Method));
        }

        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("network.protocol.version", VersionOf(request.Protocol));
        span.SetTag("server.address", host.Host);
        if (host.Port is { } port)
        {
            span.SetTag("server.port", port);
        }

        if (request.Headers.UserAgent is [{ } agent])
        {
            span.SetTag("user_agent.original", Cut(agent));
        }
    }

    private static void Describe(Activity span, GatewayFeature gateway, in RequestEnd end)
    {
        span.SetTag("url.path", gateway.Target.Path.ToString());
        if (!gateway.Target.Query.IsEmpty)
        {
            span.SetTag("url.query", QueryRedaction.Redact(gateway.Target.Query));
        }

        span.SetTag("client.address", gateway.ClientAddress?.ToString());
        span.SetTag("http.response.status_code", end.Status);
        span.SetTag("http.request.body.size", end.RequestBytes);
        span.SetTag("http.response.body.size", end.ResponseBytes);
        span.SetTag("gateway.request_id", gateway.RequestId);
        span.SetTag(Telemetry.Api, end.Labels.Api);
        span.SetTag(Telemetry.Group, end.Labels.Group);
        span.SetTag(Telemetry.Stage, end.Labels.Stage);
        span.SetTag("gateway.app", end.App);
        span.SetTag("gateway.outcome", end.Outcome.Name());
        if (end.Error is { } error)
        {
            span.SetTag(Telemetry.ErrorCode, error.Code);
        }

        if (end.Status >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag("error.type", end.Error?.Code ?? Telemetry.Status(end.Status).ToString());
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>The method, if it is one that everybody knows.</summary>
    internal static string MethodOf(HttpContext context) => context.Request.Method switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "OPTIONS" or "PATCH" or "CONNECT" or "TRACE" => context.Request.Method,
        _ => OtherMethod,
    };

    /// <summary>The version as the conventions spell it.</summary>
    internal static string VersionOf(string protocol) => protocol switch
    {
        "HTTP/1.1" => "1.1",
        "HTTP/2" => "2",
        "HTTP/3" => "3",
        _ => "1.0",
    };
}
