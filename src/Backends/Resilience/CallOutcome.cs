using Gateway.Backends.EventFunctions;
using Gateway.Backends.Http;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Backends.Resilience;

/// <summary>How a call of a backend ended, as far as the backend is to praise or blame for it.</summary>
internal enum CallOutcome
{
    /// <summary>Nothing is known about the backend: the client left, its request was bad, or nothing was sent.</summary>
    Unknown,

    /// <summary>An answer below 500.</summary>
    Answered,

    /// <summary>An answer from 500 up, one that cannot be used, or a function that failed: the backend is there.</summary>
    Failed,

    /// <summary>No connection, or one that broke.</summary>
    Broken,

    /// <summary>Silence: no connection, no answer, or no more of it, in time.</summary>
    TimedOut,
}

/// <summary>Tells how a call ended: the one judgement for circuit breaker and health.</summary>
internal static class CallOutcomes
{
    /// <summary>How a call ended, once the proxy pipeline is through with it.</summary>
    public static CallOutcome Of(HttpContext context)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is { } error)
        {
            return OfForwarding(context, error);
        }

        if (context.Gateway().Failure is { } failure)
        {
            return failure == GatewayError.FunctionTimeout ? CallOutcome.TimedOut : failure.Status >= 500 ? CallOutcome.Failed : CallOutcome.Unknown;
        }

        return context.Response.StatusCode >= 500 ? CallOutcome.Failed
            : context.RequestAborted.IsCancellationRequested ? CallOutcome.Unknown
            : CallOutcome.Answered;
    }

    /// <summary>YARP blames the side whose stream was silent or broke, so its word holds even where it then cut the client's connection.</summary>
    private static CallOutcome OfForwarding(HttpContext context, IForwarderErrorFeature error) => error.Error switch
    {
        _ when context.Features.Get<EventCall>() is { TimedOut: true } => CallOutcome.TimedOut,
        ForwarderError.RequestTimedOut => CallOutcome.TimedOut,
        ForwarderError.ResponseBodyDestination => OfException(error.Exception),
        ForwarderError.Request when !context.RequestAborted.IsCancellationRequested => OfException(error.Exception),
        ForwarderError.RequestBodyDestination when context.Response.HasStarted => CallOutcome.Answered, // It had heard enough of the body.
        ForwarderError.RequestBodyDestination when !context.RequestAborted.IsCancellationRequested => OfException(error.Exception),
        ForwarderError.ResponseHeaders => CallOutcome.Failed,
        _ => CallOutcome.Unknown,
    };

    private static CallOutcome OfException(Exception? exception)
        => exception is InvalidOperationException ? CallOutcome.Unknown // A bug of ours.
            : ForwarderFailure.IsTimeout(exception) ? CallOutcome.TimedOut
            : CallOutcome.Broken;
}
