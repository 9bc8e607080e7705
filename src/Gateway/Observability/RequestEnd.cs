using System.Diagnostics;
using Gateway.Contracts;

namespace Gateway.Observability;

/// <summary>How a request ended: what metrics, the span and the access log say of it, worked out once.</summary>
internal readonly struct RequestEnd
{
    private RequestEnd(HttpContext context, GatewayFeature gateway, ApiLabels labels, long endedAt)
    {
        Labels = labels;
        Error = gateway.Failure;
        App = gateway.Caller?.Name;
        Outcome = OutcomeOf(context, gateway);
        Status = Outcome == RequestOutcome.ClientClosed && !context.Response.HasStarted ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode;
        Total = Stopwatch.GetElapsedTime(gateway.StartedAt, endedAt);
        if (gateway.BackendStartedAt > 0)
        {
            var ended = gateway.BackendEndedAt > 0 ? gateway.BackendEndedAt : endedAt;
            Backend = Stopwatch.GetElapsedTime(gateway.BackendStartedAt, gateway.BackendAnsweredAt > 0 ? gateway.BackendAnsweredAt : ended);
        }

        Overhead = Total - NotOurs(gateway, endedAt);
        RequestBytes = context.Request.ContentLength ?? gateway.CountedRequestBytes;
        ResponseBytes = HttpMethods.IsHead(context.Request.Method) ? 0 : context.Response.ContentLength ?? gateway.CountedResponseBytes;
    }

    /// <summary>The API, its group and the stage.</summary>
    public ApiLabels Labels { get; }

    /// <summary>Who is to blame.</summary>
    public RequestOutcome Outcome { get; }

    /// <summary>The gateway's own error; null when there was none.</summary>
    public GatewayError? Error { get; }

    /// <summary>Name of the app that called; null for none.</summary>
    public string? App { get; }

    /// <summary>HTTP status of the answer; 499 when the client left.</summary>
    public int Status { get; }

    /// <summary>From the request's head to the end of its answer.</summary>
    public TimeSpan Total { get; }

    /// <summary>Until the backend's answer: a whole result, or the head of a streamed answer. Zero without a call.</summary>
    public TimeSpan Backend { get; }

    /// <summary>The gateway's own time: without the backend, without the streaming of its answer, without waiting for the client.</summary>
    public TimeSpan Overhead { get; }

    /// <summary>Bytes of the request's body.</summary>
    public long RequestBytes { get; }

    /// <summary>Bytes of the answer's body.</summary>
    public long ResponseBytes { get; }

    /// <summary>How a request ended that the pipeline is through with.</summary>
    /// <param name="context">The request.</param>
    /// <param name="unmatched">Labels where no API was matched.</param>
    public static RequestEnd Of(HttpContext context, ApiLabels unmatched)
    {
        var gateway = context.Gateway();
        return new RequestEnd(context, gateway, gateway.Labels ?? unmatched, Stopwatch.GetTimestamp());
    }

    /// <summary>A streamed answer's way through the gateway is neither's: it takes as long as the slower of backend and client.</summary>
    private static TimeSpan NotOurs(GatewayFeature gateway, long endedAt)
    {
        var ticks = gateway.ClientWait;
        if (gateway.BackendStartedAt > 0)
        {
            var until = gateway.IsAnswerHeld && gateway.BackendAnsweredAt > 0 ? gateway.BackendAnsweredAt
                : gateway.BackendEndedAt > 0 ? gateway.BackendEndedAt
                : endedAt;
            ticks += until - gateway.BackendStartedAt;
        }

        return Stopwatch.GetElapsedTime(0, ticks);
    }

    private static RequestOutcome OutcomeOf(HttpContext context, GatewayFeature gateway)
    {
        var isClientGone = context.Response.StatusCode == StatusCodes.Status499ClientClosedRequest || context.RequestAborted.IsCancellationRequested;
        if (gateway.Failure is not null)
        {
            // A body that broke off because its client left is no mistake of the client's.
            return isClientGone && gateway.FailureOutcome == RequestOutcome.ClientError ? RequestOutcome.ClientClosed : gateway.FailureOutcome;
        }

        return isClientGone ? RequestOutcome.ClientClosed
            : gateway.BackendStatus >= 500 ? RequestOutcome.FunctionError
            : RequestOutcome.Ok;
    }
}
