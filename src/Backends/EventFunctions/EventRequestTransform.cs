using System.Diagnostics;
using System.Net;
using Gateway.Backends.Http;
using Gateway.Backends.Resilience;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Backends.EventFunctions;

/// <summary>Replaces the proxied request by one POST of its event. None of the client's headers goes on as a header of the call.</summary>
/// <param name="function">The function.</param>
/// <param name="request">The cluster's settings for outgoing requests; null for YARP's defaults.</param>
/// <param name="time">The clock of the deadline.</param>
internal sealed class EventRequestTransform(EventFunction function, ForwarderRequestConfig? request, TimeProvider time) : RequestTransform
{
    private const int InitialCapacity = 4096;
    private const int LargestInitialCapacity = 128 << 10;

    private readonly bool _isRepeated = AttemptRules.AreNeeded(function.Options);
    private readonly Version _version = request?.Version ?? HttpVersion.Version20;
    private readonly HttpVersionPolicy _versionPolicy = request?.VersionPolicy ?? HttpVersionPolicy.RequestVersionOrLower;

    /// <inheritdoc/>
    public override async ValueTask ApplyAsync(RequestTransformContext context)
    {
        var http = context.HttpContext;
        BackendSpans.Start(http, function.Api, context.DestinationPrefix, HttpMethods.Post);
        var buffer = new PooledBuffer(GuessCapacity(http.Request.ContentLength));
        var isWritten = false;
        try
        {
            isWritten = await WriteAsync(http, buffer);
            if (!isWritten)
            {
                http.Fail(GatewayError.BodyTooLarge);
            }
        }
        catch (Exception exception) when (RequestBodyFailure.IsOne(exception))
        {
            RequestBodyFailure.Answer(http, exception);
        }
        finally
        {
            if (!isWritten)
            {
                buffer.Dispose();
            }
        }

        if (isWritten)
        {
            Prepare(context, buffer);
        }
    }

    /// <summary>Writes the event. Where the client's body has not come yet, the time until it has is the client's.</summary>
    private async ValueTask<bool> WriteAsync(HttpContext http, PooledBuffer buffer)
    {
        var writing = EventWriter.TryWriteAsync(http, function, buffer);
        if (writing.IsCompleted)
        {
            return await writing;
        }

        var start = Stopwatch.GetTimestamp();
        var isWritten = await writing;
        http.Gateway().ClientWait += Stopwatch.GetTimestamp() - start;
        return isWritten;
    }

    private void Prepare(RequestTransformContext context, PooledBuffer buffer)
    {
        var http = context.HttpContext;
        var call = new EventCall(new EventContent(buffer), function.Api.Timeout, time, context.CancellationToken);
        http.Response.RegisterForDispose(call); // YARP never disposes the outgoing request
        http.Features.Set(call);

        var outgoing = context.ProxyRequest;
        outgoing.Options.Set(EventCall.Key, call);
        if (_isRepeated)
        {
            BackendCall.Attach(outgoing, http, isEvent: true);
        }

        outgoing.RequestUri = function.InvokeUri(context.DestinationPrefix);
        outgoing.Method = HttpMethod.Post;

        // For a client that asks for a WebSocket, YARP has prepared an upgrade or an extended CONNECT.
        outgoing.Version = _version;
        outgoing.VersionPolicy = _versionPolicy;
        outgoing.Headers.Protocol = null;

        var gateway = http.Gateway();
        if (function.Options.Invoke == InvokeProtocol.CustomRuntime)
        {
            // The platform sets these on /invoke, and the documented runtimes print the request id without asking whether it is there.
            outgoing.Headers.TryAddWithoutValidation("x-fc-request-id", gateway.RequestId);
            outgoing.Headers.TryAddWithoutValidation("x-fc-control-path", "/invoke");
        }

        AddTraceContext(outgoing, BackendSpans.Context(gateway));
        gateway.BackendStartedAt = Stopwatch.GetTimestamp();
        gateway.BackendSpan?.SetStartTime(time.GetUtcNow().UtcDateTime); // The event is written with the span's id, and that may have taken the client's time.
    }

    /// <summary>On the call too, for the function service's own spans; not the client's, none of whose headers goes on here.</summary>
    private static void AddTraceContext(HttpRequestMessage outgoing, Activity? span)
    {
        if (span is not null)
        {
            outgoing.Headers.TryAddWithoutValidation(HeaderNames.TraceParent, span.Id);
        }
    }

    /// <summary>Base64 of the body and about a kilobyte of the rest, but little for a length that is only announced.</summary>
    private static int GuessCapacity(long? contentLength)
        => contentLength is { } length && length > 0 && length < LargestInitialCapacity
            ? Math.Min(InitialCapacity + (int)(length * 4 / 3), LargestInitialCapacity)
            : InitialCapacity;
}
