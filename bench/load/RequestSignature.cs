using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Bench.Load;

/// <summary>Signs the request of one connection anew for each sending. Not thread safe: each connection has its own.</summary>
/// <remarks>
/// Ahead of the round, as far as a round usually reaches: a client that signs while the server waits would leave the server idle more often, and
/// a server that falls asleep and wakes costs more per request.
/// </remarks>
internal sealed class RequestSignature
{
    private const string Key = "60000001"; // As in config/appsettings.json.
    private const string SignedNames = "X-Ca-Key,X-Ca-Nonce,X-Ca-Timestamp";
    private const int NonceLength = 32;
    private const int TimestampLength = 13;
    private const int SignatureLength = 44;
    private const int Ahead = 1000;

    private static readonly byte[] Secret = "bench-secret-0123456789abcdef0123"u8.ToArray();
    private static readonly string Nonce = new('n', NonceLength);
    private static readonly string Timestamp = new('t', TimestampLength);

    private readonly byte[] _request;
    private readonly byte[] _text;
    private readonly Range[] _nonces;
    private readonly Range[] _timestamps;
    private readonly Range _signature;
    private readonly Queue<byte[]> _ready = new(Ahead);
    private UInt128 _next = new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), 0);

    /// <summary>Prepares the request of one connection.</summary>
    public RequestSignature(LoadRequest request)
    {
        _request = request.Bytes.ToArray();
        _text = Encoding.ASCII.GetBytes($"GET\n*/*\n\n\n\nX-Ca-Key:{Key}\nX-Ca-Nonce:{Nonce}\nX-Ca-Timestamp:{Timestamp}\n{request.SignedPath}");
        _nonces = [Find(_request, Nonce), Find(_text, Nonce)];
        _timestamps = [Find(_request, Timestamp), Find(_text, Timestamp)];
        _signature = Find(_request, new string('s', SignatureLength));
        for (var i = 0; i < Ahead; i++)
        {
            Sign();
            _ready.Enqueue([.. _request]);
        }
    }

    /// <summary>Header lines with room for what changes.</summary>
    public static string[] Headers { get; } =
    [
        $"X-Ca-Key: {Key}", $"X-Ca-Nonce: {Nonce}", $"X-Ca-Timestamp: {Timestamp}", $"X-Ca-Signature-Headers: {SignedNames}",
        $"X-Ca-Signature: {new string('s', SignatureLength)}",
    ];

    /// <summary>The bytes to send next. They change with the next call.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        if (_ready.TryDequeue(out var request))
        {
            return request;
        }

        Sign();
        return _request;
    }

    private void Sign()
    {
        _next++;
        Span<byte> nonce = stackalloc byte[NonceLength];
        _next.TryFormat(nonce, out _, "x32", CultureInfo.InvariantCulture);
        Span<byte> timestamp = stackalloc byte[TimestampLength];
        DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().TryFormat(timestamp, out _, default, CultureInfo.InvariantCulture);
        nonce.CopyTo(_request.AsSpan(_nonces[0]));
        nonce.CopyTo(_text.AsSpan(_nonces[1]));
        timestamp.CopyTo(_request.AsSpan(_timestamps[0]));
        timestamp.CopyTo(_text.AsSpan(_timestamps[1]));

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Secret, _text, hash);
        Base64.EncodeToUtf8(hash, _request.AsSpan(_signature), out _, out _);
    }

    private static Range Find(byte[] bytes, string placeholder)
    {
        var start = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(placeholder));
        return start..(start + placeholder.Length);
    }
}
