using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Backends.EventFunctions;

/// <summary>Turns the function's result into the client's answer, or into the error that says what is wrong with it.</summary>
/// <remarks>
/// Here and not in a handler, because a handler's exception counts as a dead address for passive health checks: one function
/// with a bug must not take the backend out of rotation.
/// </remarks>
internal sealed class EventResponseTransform(EventFunction function, BackendMetrics metrics, ILogger logger) : ResponseTransform
{
    /// <summary>Bytes of a failed call's answer that are read, for the error's name and the log.</summary>
    private const int LongestFailure = 4096;

    /// <summary>The function service's id of a call.</summary>
    private const string InvocationIdHeader = "X-Fc-Request-Id";

    private const int LongestInvocationId = 128;
    private const int SmallestBuffer = 4096;
    private const int LargestGuess = 128 << 10;

    private readonly int _maxResult = (int)function.Options.MaxResult.Bytes;

    /// <inheritdoc/>
    public override async ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } reply)
        {
            return; // no answer: the forwarder's error says why, and the error middleware maps it
        }

        var http = context.HttpContext;
        context.SuppressResponseBody = true;

        // YARP has copied status and reason of the call, which are not those of the result.
        http.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null;
        using var buffer = new PooledBuffer(GuessCapacity(reply.Content.Headers.ContentLength));
        var call = http.Features.GetRequiredFeature<EventCall>();
        NoteCall(http.Gateway(), reply);
        try
        {
            if (FunctionOutcome.IsFailure(reply, function.Options.Invoke, out var error, out var reason))
            {
                await FailAsync(http, reply, buffer, call, error, reason);
            }
            else if (await TryReceiveAsync(reply.Content, buffer, _maxResult, call.Token))
            {
                http.Gateway().BackendAnsweredAt = Stopwatch.GetTimestamp();
                await AnswerAsync(http, reply, buffer);
            }
            else
            {
                Refuse(http, reply, ResultTooLarge(), ResultProblem.TooLarge, buffer.WrittenSpan);
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            AnswerBrokenOff(http, call, exception);
        }
    }

    /// <summary>Reads an answer to its end.</summary>
    /// <returns>False when it is larger than <paramref name="limit"/>; the rest is then not read.</returns>
    private static async ValueTask<bool> TryReceiveAsync(HttpContent content, PooledBuffer buffer, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit)
        {
            return false;
        }

        var stream = await content.ReadAsStreamAsync(cancellationToken);
        while (true)
        {
            var read = await stream.ReadAsync(buffer.GetMemory(), cancellationToken);
            if (read == 0)
            {
                return true;
            }

            buffer.Advance(read);
            if (buffer.Length > limit)
            {
                return false;
            }
        }
    }

    private async ValueTask FailAsync(
        HttpContext http, HttpResponseMessage reply, PooledBuffer buffer, EventCall call, GatewayError error, string reason)
    {
        await ReadBeginningAsync(reply.Content, buffer, call.Token);
        var gateway = http.Gateway();
        gateway.BackendAnsweredAt = Stopwatch.GetTimestamp();
        var answer = VisibleText.Of(buffer.WrittenSpan);
        if (error == GatewayError.Busy)
        {
            gateway.RetryAfter = RetryAfter(reply.Headers.RetryAfter);
            logger.FunctionThrottled(function.Name, function.Api.ApiId, gateway.RequestId, reason, answer);
        }
        else
        {
            if (!reply.IsSuccessStatusCode && FunctionOutcome.ErrorCode(buffer.WrittenSpan) is { } code)
            {
                reason = $"{reason} ({code})";
            }

            logger.FunctionFailed(function.Name, function.Api.ApiId, gateway.RequestId, FunctionOutcome.CallId(reply), reason, answer);
        }

        http.Fail(error, reason, error == GatewayError.Busy ? RequestOutcome.FunctionThrottled : null);
    }

    /// <summary>Reads what there is for the log. The failure is known already, so nothing that goes wrong here changes it.</summary>
    private static async ValueTask ReadBeginningAsync(HttpContent content, PooledBuffer buffer, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellationToken);
            while (buffer.Length < LongestFailure && await stream.ReadAsync(buffer.GetMemory(), cancellationToken) is > 0 and var read)
            {
                buffer.Advance(read);
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The bytes that came are logged.
        }
    }

    private async ValueTask AnswerAsync(HttpContext http, HttpResponseMessage reply, PooledBuffer buffer)
    {
        var response = http.Response;
        if (!EventResultReader.TryRead(buffer.WrittenSpan, response.Headers, out var result, out var problem))
        {
            Refuse(http, reply, problem, ResultProblem.KindOf(problem), buffer.WrittenSpan);
            return;
        }

        LogOddities(http, result);
        response.StatusCode = http.Gateway().BackendStatus = result.StatusCode;
        if (result.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            return;
        }

        if (result.BodyLength > 0)
        {
            ApplyContentType(response.Headers, result.IsJson);
        }

        response.ContentLength = result.BodyLength;
        if (result.BodyLength > 0 && !HttpMethods.IsHead(http.Request.Method))
        {
            await WriteBodyAsync(http, buffer.WrittenMemory.Slice(result.BodyStart, result.BodyLength));
        }
    }

    private static async ValueTask WriteBodyAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        var writing = http.Response.Body.WriteAsync(body, http.RequestAborted);
        if (writing.IsCompleted)
        {
            await writing;
            return;
        }

        var start = Stopwatch.GetTimestamp();
        await writing;
        http.Gateway().ClientWait += Stopwatch.GetTimestamp() - start;
    }

    private static void NoteCall(GatewayFeature gateway, HttpResponseMessage reply)
    {
        gateway.IsAnswerHeld = true;
        gateway.BackendStatus = (int)reply.StatusCode;
        if (reply.Headers.NonValidated.TryGetValues(InvocationIdHeader, out var id) && id.ToString() is { Length: <= LongestInvocationId } text)
        {
            gateway.InvocationId = text;
        }
    }

    /// <summary>The function's own content type wins, then the API's; JSON that the gateway made a body of is called JSON.</summary>
    private void ApplyContentType(IHeaderDictionary headers, bool isJson)
    {
        var api = function.Api;
        if (api.ResponseContentType is { } configured && (api.ForceResponseContentType || headers.ContentType.Count == 0))
        {
            headers.ContentType = configured;
        }
        else if (isJson && headers.ContentType.Count == 0)
        {
            headers.ContentType = "application/json; charset=utf-8";
        }
    }

    private void LogOddities(HttpContext http, in EventResult result)
    {
        if (result.DroppedHeaders > 0)
        {
            logger.FunctionHeadersDropped(
                function.Name, function.Api.ApiId, http.Gateway().RequestId, result.DroppedHeaders, result.FirstDroppedHeader);
        }

        if (result.FirstUnknownField is { } field)
        {
            logger.FunctionFieldUnknown(function.Name, function.Api.ApiId, http.Gateway().RequestId, field);
        }
    }

    private void Refuse(HttpContext http, HttpResponseMessage reply, string problem, string kind, ReadOnlySpan<byte> result)
    {
        metrics.ResultRefused(http.Gateway(), kind);
        logger.FunctionResultInvalid(
            function.Name, function.Api.ApiId, http.Gateway().RequestId, FunctionOutcome.CallId(reply), problem, VisibleText.Of(result));
        http.Fail(GatewayError.FunctionResultInvalid, problem, RequestOutcome.MalformedResult);
    }

    private void AnswerBrokenOff(HttpContext http, EventCall call, Exception exception)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads an answer; the status is what an access log shows.
            if (!http.Response.HasStarted)
            {
                http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
        }
        else if (call.TimedOut)
        {
            logger.FunctionAnswerTimedOut(function.Name, function.Api.ApiId, http.Gateway().RequestId, function.Api.Timeout);
            http.Fail(GatewayError.FunctionTimeout);
        }
        else
        {
            logger.FunctionAnswerBroken(exception, function.Name, function.Api.ApiId, http.Gateway().RequestId);
            http.Fail(GatewayError.BackendResponseFailed, "the function's answer broke off");
        }
    }

    private string ResultTooLarge() => $"result: expected at most {function.Options.MaxResult}, found more";

    private static string? RetryAfter(RetryConditionHeaderValue? value) => value switch
    {
        { Delta: { } delta } => ((long)delta.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        { Date: { } date } => date.ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };

    private static int GuessCapacity(long? contentLength)
        => contentLength is { } length ? (int)Math.Clamp(length + 1, SmallestBuffer, LargestGuess) : SmallestBuffer;
}
