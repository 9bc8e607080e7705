using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Gateway.Contracts;

/// <summary>What the gateway knows of one request. Set by the first middleware, so everything after it may rely on it.</summary>
public sealed class GatewayFeature
{
    /// <summary>Upper-case UUID; in <c>X-Ca-Request-Id</c> of every answer and <c>X-Ca-Api-Gateway</c> towards backends.</summary>
    public required string RequestId { get; init; }

    /// <summary>When the request's head was complete, in ticks of <see cref="Stopwatch"/>.</summary>
    public long StartedAt { get; init; }

    /// <summary>The request target, as sent. Empty until the target has been checked.</summary>
    public RequestTarget Target { get; set; }

    /// <summary>The one client address for IP lists, throttling, logs and events; null when it is not known.</summary>
    public IPAddress? ClientAddress { get; set; }

    /// <summary>Value of <c>X-Forwarded-For</c> towards backends: the trusted part of the chain, then the TCP peer.</summary>
    public string ForwardedFor { get; set; } = "";

    /// <summary>The scheme the client used, <c>http</c> or <c>https</c>, as a trusted proxy or the connection says.</summary>
    public string ForwardedProto { get; set; } = "http";

    /// <summary>The host the client asked for, as a trusted proxy or the request says, with its port; for <c>X-Forwarded-Host</c>.</summary>
    public string ForwardedHost { get; set; } = "";

    /// <summary>True when the TCP peer is one of the trusted proxies, so that its forwarding headers count.</summary>
    public bool IsPeerTrusted { get; set; }

    /// <summary>The app that calls, once its credentials have been verified; null before that, and where anybody may call.</summary>
    public AppIdentity? Caller { get; set; }

    /// <summary>True when a browser asks whether it may call the API that was matched, whose CORS policy is to answer.</summary>
    public bool IsPreflight { get; set; }

    /// <summary>True when the client asked for <c>X-Ca-Debug-Info</c>.</summary>
    public bool IsDebug { get; set; }

    /// <summary>When the call to the backend began, in ticks of <see cref="Stopwatch"/>; 0 when there was none.</summary>
    public long BackendStartedAt { get; set; }

    /// <summary>When the backend's answer had arrived (event function: whole; web function: its head); 0 when it has not.</summary>
    public long BackendAnsweredAt { get; set; }

    /// <summary>The refusal, once there is one.</summary>
    public GatewayError? Failure { get; private set; }

    /// <summary>What fills <c>{0}</c> of the refusal's message. Seen by the client: no backend address, no secret, no exception text.</summary>
    public string? FailureDetail { get; private set; }

    /// <summary>Seconds for <c>Retry-After</c>, or an HTTP date as a backend sent it; null for none.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>Records a refusal. The first one stands: a later step may not turn a cause into a consequence.</summary>
    public void Fail(GatewayError error, string? detail = null)
    {
        if (Failure is null)
        {
            Failure = error;
            FailureDetail = detail;
        }
    }
}

/// <summary>How middleware and transforms reach <see cref="GatewayFeature"/> and report a refusal.</summary>
public static class GatewayHttpContextExtensions
{
    /// <summary>The feature of this request.</summary>
    /// <exception cref="InvalidOperationException">The request did not pass the gateway's first middleware.</exception>
    public static GatewayFeature Gateway(this HttpContext context)
        => context.Features.Get<GatewayFeature>() ?? throw new InvalidOperationException("The request id middleware must run first.");

    /// <summary>Refuses the request: the only way to report a failure. The error middleware writes the answer.</summary>
    /// <remarks>The status is set at once, because YARP forwards nothing once a transform has set a status other than 200.</remarks>
    public static void Fail(this HttpContext context, GatewayError error, string? detail = null)
    {
        context.Gateway().Fail(error, detail);
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = error.Status;
        }
    }
}
