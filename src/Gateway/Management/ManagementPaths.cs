using System.Net;
using Gateway.Observability;
using Microsoft.Net.Http.Headers;

namespace Gateway.Management;

/// <summary>What the management port answers: probes, metrics and the effective configuration. Reads only.</summary>
/// <param name="readiness">Whether the gateway is ready.</param>
/// <param name="configuration">The configuration in force.</param>
/// <param name="metrics">Writes <c>/metrics</c>; null answers 404 there.</param>
internal sealed class ManagementPaths(Readiness readiness, EffectiveConfiguration configuration, IMetricsText? metrics = null)
{
    /// <summary>Answers whether the process is alive: always 200.</summary>
    public const string Live = "/livez";

    /// <summary>Answers whether it should be sent requests: 200, or 503 with the reason.</summary>
    public const string Ready = "/readyz";

    private const string Text = "text/plain; charset=utf-8";

    /// <summary>Answers a request.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!IsMeantForHere(context))
        {
            return WriteAsync(context, StatusCodes.Status421MisdirectedRequest, "ask by IP address or as localhost\n");
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET and HEAD\n");
        }

        return context.Request.Path.Value switch
        {
            Live => WriteAsync(context, StatusCodes.Status200OK, "alive\n"),
            Ready or "/healthz" => readiness.Obstacle is { } obstacle
                ? WriteAsync(context, StatusCodes.Status503ServiceUnavailable, obstacle + "\n")
                : WriteAsync(context, StatusCodes.Status200OK, "ready\n"),
            "/metrics" when metrics is not null => WriteMetricsAsync(context, metrics),
            "/config" => WriteConfigurationAsync(context),
            _ => WriteAsync(context, StatusCodes.Status404NotFound, "not found\n"),
        };
    }

    /// <summary>
    /// On a loopback address a browser of this machine is the way in: a page elsewhere whose name is made to resolve to 127.0.0.1 could read
    /// all of this. Such a page cannot choose the <c>Host</c> header.
    /// </summary>
    private static bool IsMeantForHere(HttpContext context)
    {
        var host = context.Request.Host.Host;
        return context.Connection.LocalIpAddress is not { } local
            || !IPAddress.IsLoopback(local)
            || host.Length == 0
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(host, out _);
    }

    private static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = Text;
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static Task WriteMetricsAsync(HttpContext context, IMetricsText metrics)
    {
        context.Response.ContentType = metrics.ContentType;
        return metrics.WriteAsync(context.Response.Body, context.RequestAborted).AsTask();
    }

    private Task WriteConfigurationAsync(HttpContext context)
    {
        var json = configuration.WriteJson();
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        context.Response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }
}
