using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Backends.Signing;

/// <summary>The function service's request signature, ACS3-HMAC-SHA256: a pure function of the request.</summary>
/// <remarks>
/// Source: "V3 request structure and signature" and "Configure signature authentication for HTTP triggers" of the cloud's documentation.
/// The string to sign is the algorithm's name, a line feed, and the hex SHA-256 of the canonical request; the signature is its
/// HMAC-SHA256 in lower-case hex.
/// </remarks>
internal static class Acs3Signature
{
    /// <summary>Name of the algorithm; the scheme of the <c>Authorization</c> header.</summary>
    public const string Algorithm = "ACS3-HMAC-SHA256";

    private const int HexLength = 2 * SHA256.HashSizeInBytes;

    /// <summary>The complete value of the <c>Authorization</c> header.</summary>
    /// <param name="key">Whom to sign as.</param>
    /// <param name="method">The method as sent.</param>
    /// <param name="pathAndQuery">The request target as sent; empty counts as <c>/</c>.</param>
    /// <param name="headers">The headers to cover; sorted in place.</param>
    /// <param name="payloadHash">Lower-case hex SHA-256 of the body; empty for an HTTP trigger, which does not sign it.</param>
    public static string Authorize(
        AccessKey key, string method, ReadOnlySpan<char> pathAndQuery, Span<SignedHeader> headers, ReadOnlySpan<char> payloadHash)
    {
        headers.Sort();
        var buffer = ArrayPool<byte>.Shared.Rent(CanonicalRequest.MaxLength(method, pathAndQuery, headers, payloadHash));
        try
        {
            var canonical = new CanonicalRequest(buffer);
            canonical.Write(method, pathAndQuery, headers, payloadHash);
            return Authorize(key, canonical.Written, canonical.SignedHeaders);
        }
        finally
        {
            // Cleared, because a security token may stand in it.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: key.SecurityToken is not null);
        }
    }

    private static string Authorize(AccessKey key, ReadOnlySpan<byte> canonicalRequest, ReadOnlySpan<byte> signedHeaders)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> toSign = stackalloc byte[Algorithm.Length + 1 + HexLength];
        SHA256.HashData(canonicalRequest, hash);
        Encoding.ASCII.GetBytes(Algorithm, toSign);
        toSign[Algorithm.Length] = (byte)'\n';
        Convert.TryToHexStringLower(hash, toSign[(Algorithm.Length + 1)..], out _);
        HMACSHA256.HashData(key.Secret, toSign, hash);

        const string credential = Algorithm + " Credential=", headers = ",SignedHeaders=", signature = ",Signature=";
        var length = credential.Length + key.Id.Length + headers.Length + signedHeaders.Length + signature.Length + HexLength;
        return string.Create(length, new Parts(key.Id, signedHeaders, hash), static (span, parts) =>
        {
            span = Append(span, credential);
            span = Append(span, parts.KeyId);
            span = Append(span, headers);
            span = span[Encoding.ASCII.GetChars(parts.SignedHeaders, span)..];
            span = Append(span, signature);
            Convert.TryToHexStringLower(parts.Signature, span, out _);
        });
    }

    private static Span<char> Append(Span<char> span, string text)
    {
        text.CopyTo(span);
        return span[text.Length..];
    }

    /// <summary>What the header is put together from.</summary>
    private readonly ref struct Parts(string keyId, ReadOnlySpan<byte> signedHeaders, ReadOnlySpan<byte> signature)
    {
        public readonly string KeyId = keyId;
        public readonly ReadOnlySpan<byte> SignedHeaders = signedHeaders;
        public readonly ReadOnlySpan<byte> Signature = signature;
    }
}
