using Microsoft.Net.Http.Headers;

namespace Gateway.Backends.EventFunctions;

/// <summary>Puts the prepared event into the outgoing request, and the call under its deadline.</summary>
/// <remarks>
/// Here and not in the transform, because YARP refuses a request whose content a transform has replaced (dotnet/yarp#2722). It belongs
/// outermost in the chain: the deadline then covers retries, and every attempt sends the same content. Requests without an event pass.
/// </remarks>
internal sealed class EventContentHandler : DelegatingHandler
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(EventCall.Key, out var call))
        {
            return base.SendAsync(request, cancellationToken);
        }

        // YARP adds these itself, after the transforms, when the client asks for a WebSocket. An invocation is never one.
        request.Headers.Remove(HeaderNames.Connection);
        request.Headers.Remove(HeaderNames.Upgrade);
        request.Content = call.Content;
        return base.SendAsync(request, call.Token);
    }
}
