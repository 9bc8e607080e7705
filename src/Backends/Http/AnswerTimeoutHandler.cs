namespace Gateway.Backends.Http;

/// <summary>Bounds the wait for the head of an answer, where a request asks for it: the handshake of a WebSocket, and one try of several.</summary>
internal sealed class AnswerTimeoutHandler(TimeProvider time) : DelegatingHandler
{
    /// <summary>The longest wait, from the moment the request comes here.</summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> Timeout = new("gateway.answer-timeout");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => request.Options.TryGetValue(Timeout, out var timeout)
            ? SendAsync(request, timeout, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    /// <exception cref="TimeoutException">The backend did not answer in time.</exception>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await base.SendAsync(request, either.Token);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The backend did not answer in time.", exception);
        }
    }
}
