using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Hosting.Draining;

/// <summary>The server's way to a WebSocket's stream, on HTTP/1.1 and HTTP/2, with a <see cref="ClosableWebSocketStream"/> around it.</summary>
/// <param name="features">The server's features; this is put over them afterwards.</param>
/// <param name="closing">Cancelled when the WebSocket should close.</param>
internal sealed class ClosableUpgrade(IFeatureCollection features, CancellationToken closing) : IHttpUpgradeFeature, IHttpExtendedConnectFeature, IDisposable
{
    private readonly IHttpUpgradeFeature? _upgrade = features.Get<IHttpUpgradeFeature>();
    private readonly IHttpExtendedConnectFeature? _connect = features.Get<IHttpExtendedConnectFeature>();
    private ClosableWebSocketStream? _stream;

    public bool IsUpgradableRequest => _upgrade is { IsUpgradableRequest: true };

    public bool IsExtendedConnect => _connect is { IsExtendedConnect: true };

    public string? Protocol => _connect?.Protocol;

    public async Task<Stream> UpgradeAsync() => _stream = new ClosableWebSocketStream(await _upgrade!.UpgradeAsync(), closing);

    public async ValueTask<Stream> AcceptAsync() => _stream = new ClosableWebSocketStream(await _connect!.AcceptAsync(), closing);

    public void Dispose() => _stream?.Dispose();
}
