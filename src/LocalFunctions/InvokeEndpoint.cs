using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.LocalFunctions;

/// <summary>The part of the function service that calls event functions: <c>POST /2023-03-30/functions/{name}/invocations</c>.</summary>
/// <remarks>
/// The same path, headers and error shapes as the cloud's InvokeFunction API, so that the gateway calls both alike. Signatures and
/// <c>qualifier</c> are not looked at.
/// </remarks>
internal sealed class InvokeEndpoint(IEnumerable<LocalFunction> functions, ILogger logger)
{
    private const string PathPrefix = "/2023-03-30/functions/";
    private const string PathSuffix = "/invocations";

    private readonly FrozenDictionary<string, LocalFunction> _functions = functions.ToFrozenDictionary(static function => function.Name);
    private readonly string _instanceId = "local-" + Guid.NewGuid().ToString("N");

    /// <summary>Answers one request to the service.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var requestId = Guid.NewGuid().ToString();
        context.Response.Headers["X-Fc-Request-Id"] = requestId;
        if (!HttpMethods.IsPost(context.Request.Method) || !TryReadName(context.Request.Path.Value!, out var name))
        {
            await ServiceResponse.WriteServiceErrorAsync(
                context, StatusCodes.Status400BadRequest, "PathNotSupported", "Only InvokeFunction is served here.", requestId);
        }
        else if (!_functions.TryGetValue(name, out var function))
        {
            await ServiceResponse.WriteServiceErrorAsync(
                context, StatusCodes.Status404NotFound, "FunctionNotFound", $"function '{name}' does not exist", requestId);
        }
        else
        {
            await InvokeAsync(context, function, requestId);
        }
    }

    private static bool TryReadName(string path, out string name)
    {
        var matches = path.Length > PathPrefix.Length + PathSuffix.Length
            && path.StartsWith(PathPrefix, StringComparison.Ordinal)
            && path.EndsWith(PathSuffix, StringComparison.Ordinal);
        name = matches ? path[PathPrefix.Length..^PathSuffix.Length] : "";
        return matches;
    }

    private async Task InvokeAsync(HttpContext context, LocalFunction function, string requestId)
    {
        var eventBytes = await ReadAsync(context.Request, context.RequestAborted);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        cancellation.CancelAfter(function.Timeout);
        var started = TimeProvider.System.GetTimestamp();
        var deadline = TimeProvider.System.GetUtcNow() + function.Timeout;
        var call = new EventFunctionContext(requestId, function.Name, deadline, cancellation.Token);
        try
        {
            // Started on its own, and waited for only until the deadline: that holds for a function that ignores its token, too.
            var result = await Task.Run(() => function.EventHandler!.InvokeAsync(eventBytes, call).AsTask(), cancellation.Token)
                .WaitAsync(cancellation.Token);
            WriteCallHeaders(context.Response, started);
            await ServiceResponse.WriteResultAsync(context, result);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Log.TimedOut(logger, function.Name, function.Timeout, requestId);
            WriteCallHeaders(context.Response, started);
            await ServiceResponse.WriteTimeoutAsync(context, function.Timeout);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            // Whatever a function throws is its result; the service goes on.
            Log.Failed(logger, exception, function.Name, requestId);
            WriteCallHeaders(context.Response, started);
            await ServiceResponse.WriteFunctionErrorAsync(context, exception);
        }
    }

    private void WriteCallHeaders(HttpResponse response, long started)
    {
        var duration = (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
        response.Headers["X-Fc-Invocation-Duration"] = duration.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Fc-Instance-Id"] = _instanceId;
        response.Headers["X-Fc-Invocation-Service-Version"] = "LATEST";
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, 64 << 20));
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
