using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.LocalFunctions.Invocations;

/// <summary>The part of the function service that calls event functions: <c>POST /2023-03-30/functions/{name}/invocations</c>.</summary>
/// <remarks>
/// The same path, headers and error shapes as the cloud's InvokeFunction API, so that the gateway calls both alike. Signatures and
/// <c>qualifier</c> are not looked at.
/// </remarks>
internal sealed class InvokeEndpoint(FunctionTable functions)
{
    private const string PathPrefix = "/2023-03-30/functions/";
    private const string PathSuffix = "/invocations";

    /// <summary>Largest event, the service's own limit for calls that wait.</summary>
    private const int LargestEvent = 32 << 20;

    /// <summary>Answers one request to the service.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var requestId = Guid.NewGuid().ToString();
        context.Response.Headers["X-Fc-Request-Id"] = requestId;
        if (!HttpMethods.IsPost(context.Request.Method) || !TryReadName(context.Request.Path.Value!, out var name))
        {
            await ServiceResponse.WriteErrorAsync(context, StatusCodes.Status400BadRequest, "PathNotSupported", "Only InvokeFunction is served here.", requestId);
        }
        else if (context.Request.Headers.Origin.Count > 0)
        {
            // No gateway sends one: it is a web page that the developer has open, and it reaches loopback ports without being asked.
            await ServiceResponse.WriteErrorAsync(context, StatusCodes.Status403Forbidden, "AccessDenied", "Web pages may not call functions here; call an API of the gateway.", requestId);
        }
        else if (functions.FindRunner(name) is not { } runner)
        {
            await ServiceResponse.WriteErrorAsync(context, StatusCodes.Status404NotFound, "FunctionNotFound", $"function '{name}' does not exist", requestId);
        }
        else if (await ReadAsync(context.Request, context.RequestAborted) is not { } eventBytes)
        {
            await ServiceResponse.WriteErrorAsync(
                context, StatusCodes.Status413PayloadTooLarge, "EntityTooLarge", $"the event is larger than {LargestEvent} bytes", requestId);
        }
        else
        {
            await InvokeAsync(context, runner, new Invocation(requestId, name, eventBytes, WantsLog(context.Request)));
        }
    }

    private static async Task InvokeAsync(HttpContext context, IFunctionRunner runner, Invocation call)
    {
        if (Is(context.Request.Headers["X-Fc-Invocation-Type"], "Async"))
        {
            // Runs on after the answer; what comes of it is in the log.
            _ = runner.InvokeAsync(call, CancellationToken.None);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var started = TimeProvider.System.GetTimestamp();
        try
        {
            var result = await runner.InvokeAsync(call, context.RequestAborted);
            WriteCallHeaders(context.Response, result, TimeProvider.System.GetElapsedTime(started));
            await ServiceResponse.WriteAsync(context, result, call.RequestId);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
    }

    private static void WriteCallHeaders(HttpResponse response, InvocationResult result, TimeSpan duration)
    {
        response.Headers["X-Fc-Invocation-Duration"] = ((long)duration.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Fc-Invocation-Service-Version"] = "LATEST";
        if (result.InstanceId is { } instanceId)
        {
            response.Headers["X-Fc-Instance-Id"] = instanceId;
        }

        if (result.PeakMemory is { } peak)
        {
            response.Headers["X-Fc-Max-Memory-Usage"] = (peak / 1048576.0).ToString("F2", CultureInfo.InvariantCulture);
        }

        if (result.Log is { } log)
        {
            response.Headers["X-Fc-Log-Result"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(log));
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

    private static bool WantsLog(HttpRequest request) => Is(request.Headers["X-Fc-Log-Type"], "Tail");

    private static bool Is(StringValues header, string value) => header.ToString().Equals(value, StringComparison.OrdinalIgnoreCase);

    /// <summary>The whole body; null when it is too large.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > LargestEvent)
        {
            return null;
        }

        if (request.ContentLength is { } length)
        {
            var whole = new byte[length];
            await request.Body.ReadExactlyAsync(whole, cancellationToken);
            return whole;
        }

        var body = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (body.Length + read > LargestEvent)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
