using System.Net;
using Gateway.Backends.Signing;

namespace Gateway.Backends.EventFunctions;

/// <summary>A finished event as the content of the call: its length is known, and it can be sent again. Owns the buffer.</summary>
internal sealed class EventContent : HttpContent, ISignableContent
{
    private readonly PooledBuffer _buffer;

    /// <summary>Sends that are under way or have failed; negative once disposed.</summary>
    private int _holds;

    /// <param name="buffer">The event; now the content's.</param>
    public EventContent(PooledBuffer buffer)
    {
        _buffer = buffer;

        // What the service's own SDKs send with an invocation.
        Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
    }

    /// <summary>The event, UTF-8. Valid until the content is disposed.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.WrittenMemory;

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Interlocked.Increment(ref _holds) <= 0, this);
        await stream.WriteAsync(_buffer.WrittenMemory, cancellationToken);

        // Not in a finally: after a failed write the transport may still hold the memory (HTTP/2 sends beside the reading of the answer).
        Interlocked.Decrement(ref _holds);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _buffer.Length;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Volatile.Read(ref _holds) >= 0)
        {
            if (Interlocked.CompareExchange(ref _holds, int.MinValue, 0) == 0)
            {
                _buffer.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
