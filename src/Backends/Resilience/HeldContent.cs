using System.Net;

namespace Gateway.Backends.Resilience;

/// <summary>A client's body that is in memory already, as content that can be sent again. The body stays the request's.</summary>
internal sealed class HeldContent : HttpContent
{
    private readonly Stream _body;

    /// <param name="body">The body; it can seek.</param>
    /// <param name="replaced">The content whose headers go on.</param>
    public HeldContent(Stream body, HttpContent? replaced)
    {
        _body = body;
        foreach (var (name, values) in replaced?.Headers.NonValidated ?? default)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _body.Position = 0;
        return _body.CopyToAsync(stream, cancellationToken);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
