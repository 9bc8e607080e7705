namespace Gateway.Backends.Http;

/// <summary>Bounds the handshake of a WebSocket by the API's timeout: once it is open, only its idle timeout counts.</summary>
internal sealed class HandshakeTimeoutHandler(TimeProvider time) : DelegatingHandler
{
    /// <summary>Set on handshakes of WebSockets.</summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> Timeout = new("gateway.handshake-timeout");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => request.Options.TryGetValue(Timeout, out var timeout)
            ? SendHandshakeAsync(request, timeout, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    /// <exception cref="TimeoutException">The backend did not answer the handshake in time.</exception>
    private async Task<HttpResponseMessage> SendHandshakeAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await base.SendAsync(request, either.Token);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The backend did not answer the handshake in time.", exception);
        }
    }
}
