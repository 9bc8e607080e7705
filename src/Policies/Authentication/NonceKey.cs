using System.Buffers.Binary;
using System.Security.Cryptography;
using Gateway.Policies.Authentication.Signatures;

namespace Gateway.Policies.Authentication;

/// <summary>Makes the key under which a nonce is remembered.</summary>
internal static class NonceKey
{
    private const int UsualLength = 256;

    /// <summary>Half of the SHA-256 over AppKey, API and nonce, so that a nonce is used up for one AppKey at one API.</summary>
    /// <remarks>
    /// Clients choose nonces, so the hash must be one for which nobody can make two alike: a fast hash would let the holder of one AppSecret
    /// use up nonces of other apps. It has no key of the process, so that gateways can share a store.
    /// </remarks>
    /// <param name="appKey">The AppKey; holds no line feed.</param>
    /// <param name="apiId">Group and API; holds no line feed.</param>
    /// <param name="nonce">The nonce as sent.</param>
    public static UInt128 Create(string appKey, string apiId, string nonce)
    {
        var text = new Utf8Buffer(UsualLength);
        text.AppendLine(appKey);
        text.AppendLine(apiId);
        text.Append(nonce);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.Written, hash);
        text.Dispose();
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
