using System.Net;
using Gateway.Contracts;

namespace Gateway.Backends.Http;

/// <summary>An answer's body of unknown length: counts its bytes for the request.</summary>
internal sealed class CountedContent(HttpContent inner, GatewayFeature gateway) : HttpContent
{
    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
        => new CountedStream(await inner.ReadAsStreamAsync(cancellationToken), gateway, isRequest: false);

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None); // Never asked for by YARP, which has a token.

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => inner.CopyToAsync(stream, context);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
