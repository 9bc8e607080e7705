using System.Diagnostics;
using Gateway.Backends.EventFunctions;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Commands.Invoking;

/// <summary>Stands around YARP's forwarder and writes down the exchange, or makes the event only.</summary>
/// <param name="forwarder">YARP's own.</param>
/// <param name="exchange">Where it is written down.</param>
internal sealed class ExchangeForwarder(IHttpForwarder forwarder, FunctionExchange exchange) : IHttpForwarder
{
    private const string LogTypeHeader = "X-Fc-Log-Type";

    /// <inheritdoc/>
    public async ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer)
    {
        if (!exchange.IsSent)
        {
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), (Uri?)null);
            await transformer.TransformRequestAsync(context, request, destinationPrefix, context.RequestAborted);
            exchange.Event = OutgoingEvent.Read(request);
            return ForwarderError.None;
        }

        using var client = new HttpMessageInvoker(new RecordingHandler(httpClient, exchange));
        var error = await forwarder.SendAsync(context, destinationPrefix, client, requestConfig, transformer);
        await exchange.FinishAsync();
        return error;
    }

    /// <summary>Outermost around the backend's own client, which signs, tries again and sends as it always does.</summary>
    private sealed class RecordingHandler(HttpMessageInvoker client, FunctionExchange exchange) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (exchange.GivenEvent is { } given)
            {
                OutgoingEvent.Replace(request, given);
            }

            exchange.Event = OutgoingEvent.Read(request);
            if (exchange.WantsLog)
            {
                request.Headers.TryAddWithoutValidation(LogTypeHeader, "Tail"); // The service asks for signatures of its x-acs-* headers only.
            }

            var started = Stopwatch.GetTimestamp();
            var reply = await client.SendAsync(request, cancellationToken);
            exchange.Begin(reply, Stopwatch.GetElapsedTime(started));
            return reply;
        }
    }
}
