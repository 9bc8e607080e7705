using System.Security.Cryptography;
using Gateway.Contracts;

namespace Gateway.Policies.Authentication.Signatures;

/// <summary>Checks <c>Content-MD5</c>, by which a signature covers a body that is no form.</summary>
internal static class ContentMd5
{
    private const int HashSize = 16;
    private const int Base64Length = 24;

    /// <summary>Whether the header can be the digest of the request's body at all, or is absent.</summary>
    /// <param name="call">The request; refused with <c>I400I5</c>.</param>
    /// <param name="hasBody">False when no body follows: there is nothing that a digest could be of.</param>
    public static bool CheckShape(in SignedCall call, bool hasBody)
    {
        if (call.Credentials.ContentMd5 is not { } base64)
        {
            return true;
        }

        Span<byte> hash = stackalloc byte[HashSize];
        return (TryDecode(base64, hash) || call.Fail(GatewayError.InvalidContentMd5, "it must be the Base64 of 16 bytes"))
            && (hasBody || call.Fail(GatewayError.InvalidContentMd5, "there is no body"));
    }

    /// <summary>Whether the header is the digest of a body, or is absent.</summary>
    /// <param name="call">The request; refused with <c>I400I5</c>.</param>
    /// <param name="body">The body, held with its MD5.</param>
    public static bool Check(in SignedCall call, HeldBody body)
    {
        if (call.Credentials.ContentMd5 is not { } base64)
        {
            return true;
        }

        if (!CheckShape(call, body.Length > 0))
        {
            return false;
        }

        Span<byte> sent = stackalloc byte[HashSize];
        Span<byte> actual = stackalloc byte[HashSize];
        body.WriteMd5(actual);
        return (TryDecode(base64, sent) && CryptographicOperations.FixedTimeEquals(actual, sent))
            || call.Fail(GatewayError.InvalidContentMd5, "the body has another digest");
    }

    private static bool TryDecode(string base64, Span<byte> hash)
        => base64.Length == Base64Length && Convert.TryFromBase64String(base64, hash, out var length) && length == HashSize;
}
