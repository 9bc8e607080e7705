using System.Security.Cryptography;
using System.Text;

namespace Gateway.Policies.Authentication;

/// <summary>An AppSecret, ready to sign. Thread safe.</summary>
/// <remarks>
/// Setting up an HMAC in the platform's library takes twice the time of the HMAC itself (measured: 2.3 µs against 0.7 µs for 300 bytes), so
/// each secret keeps some: at most one a processor and method, made when first needed, and left to the collector with the configuration.
/// </remarks>
/// <param name="secret">The secret; its UTF-8 bytes are the key.</param>
internal sealed class AppSecret(string secret)
{
    /// <summary>Bytes of the longest signature.</summary>
    public const int LongestSignature = SHA256.HashSizeInBytes;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);
    private readonly IncrementalHash?[] _sha256 = new IncrementalHash?[Environment.ProcessorCount];
    private readonly IncrementalHash?[] _sha1 = new IncrementalHash?[Environment.ProcessorCount];

    /// <summary>A secret that nobody knows.</summary>
    public static AppSecret Random() => new(RandomNumberGenerator.GetHexString(64));

    /// <summary>Signs a text.</summary>
    /// <param name="method">How.</param>
    /// <param name="text">The text, as UTF-8.</param>
    /// <param name="signature">Takes the signature; at least <see cref="LongestSignature"/> bytes.</param>
    /// <returns>Bytes of the signature.</returns>
    public int Sign(SignatureMethod method, ReadOnlySpan<byte> text, Span<byte> signature)
    {
        var kept = method == SignatureMethod.HmacSHA1 ? _sha1 : _sha256;
        ref var slot = ref kept[Thread.GetCurrentProcessorId() % kept.Length];
        var hmac = Interlocked.Exchange(ref slot, null) ?? IncrementalHash.CreateHMAC(HashName(method), _key);
        hmac.AppendData(text);
        var length = hmac.GetHashAndReset(signature);
        Interlocked.Exchange(ref slot, hmac)?.Dispose();
        return length;
    }

    /// <summary>Whether a signature is this secret's. Takes the same time wherever it differs.</summary>
    /// <param name="method">How it was made.</param>
    /// <param name="text">What was signed, as UTF-8.</param>
    /// <param name="signature">The signature, of any length.</param>
    public bool Verifies(SignatureMethod method, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[LongestSignature];
        var length = Sign(method, text, expected);
        return CryptographicOperations.FixedTimeEquals(expected[..length], signature);
    }

    private static HashAlgorithmName HashName(SignatureMethod method)
        => method == SignatureMethod.HmacSHA1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
}
