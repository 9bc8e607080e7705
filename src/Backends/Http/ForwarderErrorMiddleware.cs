using System.Text;
using Gateway.Backends.EventFunctions;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Backends.Http;

/// <summary>Turns what YARP's forwarder reports into the catalogue. Runs inside the proxy pipeline.</summary>
public sealed class ForwarderErrorMiddleware(RequestDelegate next, ILogger<ForwarderErrorMiddleware> logger)
{
    /// <summary>Forwards, then looks how it went.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.Features.Get<IForwarderErrorFeature>() is not { } failure || context.Gateway().Failure is not null)
        {
            return;
        }

        var call = context.Features.Get<EventCall>();
        if (call is { TimedOut: true } || IsOfBackend(failure.Error) || !context.RequestAborted.IsCancellationRequested)
        {
            Report(context, call, failure);
        }
        else if (!context.Response.HasStarted)
        {
            // The client left. Nobody reads an answer; the status is what an access log shows.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
    }

    /// <summary>A stream that the backend left hanging is cut towards the client too, which then looks as if the client had left.</summary>
    private static bool IsOfBackend(ForwarderError error) => error == ForwarderError.ResponseBodyDestination;

    private void Report(HttpContext context, EventCall? call, IForwarderErrorFeature failure)
    {
        var (error, detail) = call is { TimedOut: true } ? (GatewayError.FunctionTimeout, null) : ForwarderFailure.Translate(failure.Error, failure.Exception);
        if (error == GatewayError.BackendTimeout && call is not null)
        {
            error = GatewayError.FunctionTimeout; // Of its last try.
        }

        logger.ForwardingFailed(
            error == GatewayError.Internal ? failure.Exception : null,
            context.GetEndpoint()?.DisplayName,
            context.Gateway().RequestId,
            failure.Error,
            error.Code,
            Cause(failure.Exception));
        context.Fail(error, error == GatewayError.ResolveFailed ? BackendName.Of(context) : detail);
    }

    /// <summary>Types and messages of an exception and those within it. No stacks: peers cause these at will. No raw text: messages quote the backend's bytes.</summary>
    private static string Cause(Exception? exception)
    {
        var text = new StringBuilder();
        for (; exception is not null; exception = exception.InnerException)
        {
            text.Append(text.Length == 0 ? "" : " < ").Append(exception.GetType().Name).Append(": ").Append(VisibleText.Of(Encoding.UTF8.GetBytes(exception.Message)));
        }

        return text.ToString();
    }
}
