using Gateway.Contracts;
using Gateway.Routing;

namespace Gateway.Errors;

/// <summary>Sees every failure below it and writes the only error answer.</summary>
internal sealed class ErrorMiddleware(RequestDelegate next, ServingTable serving, ILogger<ErrorMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
#pragma warning disable CA1031 // The one place that turns a bug, or a client that broke off, into an answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Record(context, exception);
        }

        var gateway = context.Gateway();
        if (gateway.Failure is not { } error || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (context.Response.HasStarted)
        {
            context.Abort(); // The client must not take half an answer for a whole one.
            return;
        }

        await ErrorAnswer.WriteAsync(context, gateway, error, serving.Current.Snapshot.Errors);
    }

    private void Record(HttpContext context, Exception exception)
    {
        var gateway = context.Gateway();
        if (exception is BadHttpRequestException bad)
        {
            gateway.Fail(GatewayError.FromServerStatus(bad.StatusCode), "the request broke off or its framing is wrong");
        }
        else if (!context.RequestAborted.IsCancellationRequested)
        {
            logger.UnhandledException(gateway.RequestId, exception);
            gateway.Fail(GatewayError.Internal);
        }
    }
}
