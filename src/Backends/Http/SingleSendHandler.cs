namespace Gateway.Backends.Http;

/// <summary>Keeps the socket handler from sending a request again by itself where that could make it count twice.</summary>
/// <remarks>
/// When a connection of the pool closes before an answer, the socket handler sends a request whose body it has not begun on the next one,
/// up to four times and whatever its method. Nobody can tell whether the backend closed before it saw the request or because of it, and RFC 9110
/// §9.2.2 forbids a proxy that guess unless the method is idempotent. A body that is there, though it is empty, has been begun. On the wire
/// nothing changes: these methods say <c>Content-Length: 0</c> without one too.
/// </remarks>
internal sealed class SingleSendHandler : DelegatingHandler
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null && !MethodRules.IsIdempotent(request.Method.Method))
        {
            request.Content = new ByteArrayContent([]);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
