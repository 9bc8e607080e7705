using System.Security.Cryptography;

namespace Gateway.Hosting.Draining;

/// <summary>A client's WebSocket as the tunnel to its backend sees it, which can be closed with 1001 (going away) between two frames.</summary>
/// <remarks>
/// YARP copies raw bytes, so a frame of ours may be put in only where one of theirs ends; between the fragments of a message is such a place
/// (RFC 6455 §5.4). The client is sent a Close frame and nothing after it. Its own Close frame, the answer, goes through the tunnel to the
/// backend, which takes it for the client's and closes as well. For a client that does not answer in time we say it to the backend ourselves.
/// </remarks>
internal sealed class ClosableWebSocketStream : Stream
{
    /// <summary>How long a client may take to answer a Close frame.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(3);

    /// <summary>FIN and Close, 2 bytes of payload: 1001.</summary>
    private static readonly byte[] CloseFrame = [0x88, 0x02, 0x03, 0xe9];

    private readonly Stream _client;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenRegistration _registration;
    private CancellationTokenSource? _reading;
    private WebSocketFrames _toClient;
    private WebSocketFrames _toBackend;
    private volatile bool _isClosing;
    private bool _isClosed;
    private bool _isEnded;

    /// <summary>Wraps the stream that the server has given for an upgraded connection.</summary>
    /// <param name="client">The stream; owned from now on.</param>
    /// <param name="closing">Cancelled when the WebSocket should close.</param>
    public ClosableWebSocketStream(Stream client, CancellationToken closing)
    {
        _client = client;
        _registration = closing.UnsafeRegister(static stream => _ = ((ClosableWebSocketStream)stream!).CloseClientAsync(), this);
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what the client sends.</summary>
    /// <param name="buffer">Where to; may be empty, to wait for bytes.</param>
    /// <param name="cancellationToken">The tunnel's token, the same for all reads.</param>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isEnded)
        {
            return 0;
        }

        var reading = Reading(cancellationToken);
        try
        {
            var read = await _client.ReadAsync(buffer, reading.Token);
            _toBackend.Advance(buffer.Span[..read]);
            return read;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && reading.IsCancellationRequested)
        {
            return WriteFarewell(buffer.Span);
        }
    }

    /// <summary>Writes what the backend sends, or takes it without writing once the client has been told to close.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_isClosed)
            {
                return;
            }

            var count = buffer.Length;
            if (_isClosing)
            {
                count = _toClient.AdvanceFrame(buffer.Span);
            }
            else
            {
                _toClient.Advance(buffer.Span);
            }

            await _client.WriteAsync(buffer[..count], cancellationToken);
            await TryWriteCloseAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _client.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _registration.Dispose();
            _client.Dispose();
            Interlocked.Exchange(ref _reading, null)?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task CloseClientAsync()
    {
        _isClosing = true;
        try
        {
            await _writing.WaitAsync();
            try
            {
                await TryWriteCloseAsync(CancellationToken.None); // Nobody waits for it; the end of the connection ends it.
            }
            finally
            {
                _writing.Release();
            }

            _reading?.CancelAfter(AnswerTime);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The client has gone, and the tunnel notices by itself.
        }
    }

    /// <summary>Writes the Close frame if it is time and the place is right. Only with <see cref="_writing"/> held.</summary>
    private ValueTask TryWriteCloseAsync(CancellationToken cancellationToken)
    {
        if (!_isClosing || _isClosed || !_toClient.IsAtBoundary)
        {
            return ValueTask.CompletedTask;
        }

        _isClosed = true;
        return _toClient.HasClosed ? ValueTask.CompletedTask : _client.WriteAsync(CloseFrame, cancellationToken);
    }

    /// <summary>The end of what the client sends, in the client's place: its Close frame, masked as all its frames.</summary>
    private int WriteFarewell(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0; // Only asked whether there is something to read.
        }

        _isEnded = true;
        if (!_toBackend.IsAtBoundary || _toBackend.HasClosed || buffer.Length < CloseFrame.Length + 4)
        {
            return 0;
        }

        Span<byte> mask = stackalloc byte[4];
        RandomNumberGenerator.Fill(mask);
        buffer[0] = CloseFrame[0];
        buffer[1] = (byte)(CloseFrame[1] | 0x80);
        mask.CopyTo(buffer[2..]);
        buffer[6] = (byte)(CloseFrame[2] ^ mask[0]);
        buffer[7] = (byte)(CloseFrame[3] ^ mask[1]);
        return 8;
    }

    /// <summary>The source that ends reading when the client does not answer. Made with the first read.</summary>
    private CancellationTokenSource Reading(CancellationToken cancellationToken)
    {
        if (_reading is not { } reading)
        {
            _reading = reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (_isClosing)
            {
                reading.CancelAfter(AnswerTime); // Told to close before its first read.
            }
        }

        return reading;
    }
}
