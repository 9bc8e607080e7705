namespace Gateway.Hosting.Draining;

/// <summary>Follows the frames of one direction of a WebSocket (RFC 6455 §5.2), to know where one ends. Reads no payload; a mutable struct with one owner.</summary>
internal struct WebSocketFrames
{
    private const int ShortHeader = 2;
    private const int MaskLength = 4;
    private const byte CloseOpcode = 8;

    private int _headerRead;
    private int _headerLength;
    private int _extendedLength;
    private byte _opcode;
    private ulong _payloadLeft;

    /// <summary>True when the bytes so far end with a frame, so that another may be put in.</summary>
    public readonly bool IsAtBoundary => _headerRead == 0;

    /// <summary>True when a Close frame has passed: nothing may follow it.</summary>
    public bool HasClosed { get; private set; }

    /// <summary>Follows bytes up to the end of the frame they are in.</summary>
    /// <param name="bytes">The next bytes of the direction.</param>
    /// <returns>How many were followed: all, unless a frame ends before.</returns>
    public int AdvanceFrame(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (position < bytes.Length && IsInHeader)
        {
            ReadHeader(bytes[position++]);
        }

        if (IsInHeader)
        {
            return position;
        }

        var taken = (int)Math.Min(_payloadLeft, (ulong)(bytes.Length - position));
        _payloadLeft -= (ulong)taken;
        if (_payloadLeft == 0)
        {
            HasClosed |= _opcode == CloseOpcode;
            _headerRead = 0;
        }

        return position + taken;
    }

    /// <summary>Follows all bytes.</summary>
    public void Advance(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[AdvanceFrame(bytes)..];
        }
    }

    private readonly bool IsInHeader => _headerRead < ShortHeader || _headerRead < _headerLength;

    private void ReadHeader(byte value)
    {
        switch (_headerRead++)
        {
            case 0:
                _opcode = (byte)(value & 0x0f);
                break;
            case 1:
                var length = value & 0x7f;
                _extendedLength = length switch { 126 => 2, 127 => 8, _ => 0 };
                _payloadLeft = _extendedLength == 0 ? (ulong)length : 0;
                _headerLength = ShortHeader + _extendedLength + ((value & 0x80) == 0 ? 0 : MaskLength);
                break;
            case var index when index < ShortHeader + _extendedLength:
                _payloadLeft = (_payloadLeft << 8) | value;
                break;
        }
    }
}
