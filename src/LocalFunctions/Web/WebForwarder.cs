using Gateway.LocalFunctions.Custom;
using Gateway.LocalFunctions.Invocations;
using Gateway.LocalFunctions.Processes;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.LocalFunctions.Web;

/// <summary>Forwards raw HTTP to the processes of web functions, streaming both ways, WebSockets included.</summary>
internal sealed class WebForwarder(IHttpForwarder forwarder, HostLog log)
{
    /// <summary>Answers one request. What the process cannot answer is a 502 with an error of the service, unless the answer has begun.</summary>
    public async Task ForwardAsync(HttpContext context, string name, WebFunction function)
    {
        var requestId = Guid.NewGuid().ToString();
        context.TraceIdentifier = requestId;
        try
        {
            var instance = function.Enter(requestId);
            try
            {
                var worker = await instance.Worker.WaitAsync(context.RequestAborted);
                await ForwardAsync(context, name, function, worker);
            }
            finally
            {
                instance.Leave();
            }
        }
        catch (StartFailedException exception)
        {
            log.Logger.NotStarted(name, LogText.Lines(exception.Message), requestId);
            await WriteErrorAsync(context, exception.Code, exception.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (OperationCanceledException)
        {
            await WriteErrorAsync(context, "FunctionNotStarted", "the host stops");
        }
    }

    private async Task ForwardAsync(HttpContext context, string name, WebFunction function, CustomWorker worker)
    {
        var started = TimeProvider.System.GetTimestamp();
        var config = new ForwarderRequestConfig { ActivityTimeout = function.Timeout };
        var process = worker.Server.Process;
        var error = await forwarder.SendAsync(context, worker.Server.Address, worker.Server.Client, config, new WebTransformer(worker.Headers));
        if (error == ForwarderError.None || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var reason = context.Features.Get<IForwarderErrorFeature>()?.Exception?.Message ?? error.ToString();
        var isTimeout = error is ForwarderError.RequestTimedOut or ForwarderError.UpgradeActivityTimeout;
        if (isTimeout)
        {
            log.Logger.TimedOut(name, function.Timeout, context.TraceIdentifier);
            if (error == ForwarderError.RequestTimedOut)
            {
                worker.Abandon(); // The next request finds a process that works; those in flight keep this one.
            }
        }
        else
        {
            log.Logger.Exited(name, context.TraceIdentifier, LogText.Lines(reason));
        }

        if (!context.Response.HasStarted && context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            await WriteErrorAsync(
                context,
                "BadResponse",
                isTimeout ? FunctionErrors.TimedOut(function.Timeout)
                    : await worker.Server.HasEndedAsync() ? FunctionErrors.Exited(TimeProvider.System.GetElapsedTime(started), process.PeakMemory)
                    : $"the server of function '{name}' did not answer as HTTP asks for: {reason}");
        }
    }

    private static Task WriteErrorAsync(HttpContext context, string code, string message)
    {
        context.Response.Headers["X-Fc-Request-Id"] = context.TraceIdentifier;
        return ServiceResponse.WriteErrorAsync(context, StatusCodes.Status502BadGateway, code, message, context.TraceIdentifier);
    }
}
