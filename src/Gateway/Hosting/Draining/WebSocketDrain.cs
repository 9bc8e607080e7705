namespace Gateway.Hosting.Draining;

/// <summary>Tells every open WebSocket, once, that the gateway is going.</summary>
internal sealed class WebSocketDrain : IDisposable
{
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Cancelled when WebSockets should close.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Asks them to close.</summary>
    public void Close() => _closing.Cancel();

    public void Dispose() => _closing.Dispose();
}
