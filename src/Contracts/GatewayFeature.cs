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

    /// <summary>When the gateway was through with the backend, a streamed answer passed on included; 0 while it is not.</summary>
    public long BackendEndedAt { get; set; }

    /// <summary>When the backend's answer had arrived (event function: whole; web function: its head); 0 when it has not.</summary>
    public long BackendAnsweredAt { get; set; }

    /// <summary>True when the answer was read whole before any of it went on, as an event function's is; false for one that streams.</summary>
    public bool IsAnswerHeld { get; set; }

    /// <summary>Status that the backend answered: a web function's, or that of an event function's result, or of the call that brought none. 0 without an answer.</summary>
    public int BackendStatus { get; set; }

    /// <summary>Id that the function service gave the call, from <c>X-Fc-Request-Id</c>; null when there is none, or nobody records it.</summary>
    public string? InvocationId { get; set; }

    /// <summary>Time spent waiting for the client, to send its body or to take its answer, in ticks of <see cref="Stopwatch"/>. Not the gateway's own.</summary>
    public long ClientWait { get; set; }

    /// <summary>Bytes of the request's body that were counted because nobody announced their number; else 0.</summary>
    public long CountedRequestBytes { get; set; }

    /// <summary>Bytes of the answer's body that were counted because nobody announced their number; else 0.</summary>
    public long CountedResponseBytes { get; set; }

    /// <summary>What the API that was matched is called in metrics, traces and logs; null when none was.</summary>
    public ApiLabels? Labels { get; set; }

    /// <summary>The span of the call to the backend, whose context the backend is told; null when nobody records it.</summary>
    public Activity? BackendSpan { get; set; }

    /// <summary>The refusal, once there is one.</summary>
    public GatewayError? Failure { get; private set; }

    /// <summary>What fills <c>{0}</c> of the refusal's message. Seen by the client: no backend address, no secret, no exception text.</summary>
    public string? FailureDetail { get; private set; }

    /// <summary>Seconds for <c>Retry-After</c>, or an HTTP date as a backend sent it; null for none.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>Who is to blame for <see cref="Failure"/>; <see cref="RequestOutcome.Ok"/> while there is none.</summary>
    public RequestOutcome FailureOutcome { get; private set; }

    /// <summary>Records a refusal. The first one stands: a later step may not turn a cause into a consequence.</summary>
    /// <param name="error">The refusal.</param>
    /// <param name="detail">What fills <c>{0}</c> of its message.</param>
    /// <param name="outcome">Who is to blame, where the code has several causes; null for the catalogue's word.</param>
    public void Fail(GatewayError error, string? detail = null, RequestOutcome? outcome = null)
    {
        if (Failure is null)
        {
            Failure = error;
            FailureDetail = detail;
            FailureOutcome = outcome ?? error.Outcome;
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
    /// <param name="context">The request.</param>
    /// <param name="error">The refusal.</param>
    /// <param name="detail">What fills <c>{0}</c> of its message.</param>
    /// <param name="outcome">Who is to blame, where the code has several causes; null for the catalogue's word.</param>
    public static void Fail(this HttpContext context, GatewayError error, string? detail = null, RequestOutcome? outcome = null)
    {
        context.Gateway().Fail(error, detail, outcome);
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = error.Status;
        }
    }
}
