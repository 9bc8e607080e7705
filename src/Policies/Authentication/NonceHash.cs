using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gateway.Policies.Authentication;

/// <summary>Spreads nonces over shards and slots by a product with two numbers that no client knows.</summary>
/// <remarks>Nonces are hashes that a client can compute too: without a secret it could choose ones that crowd into one place.</remarks>
/// <param name="low">Mixed into the low half.</param>
/// <param name="high">Mixed into the high half.</param>
internal readonly struct NonceHash(ulong low, ulong high)
{
    /// <summary>2 to the power of 64 divided by the golden ratio, made odd: the multiplier of Fibonacci hashing.</summary>
    private const ulong OddFraction = 0x9E37_79B9_7F4A_7C15;

    /// <summary>A hash with numbers drawn at random.</summary>
    public static NonceHash Create()
    {
        Span<byte> random = stackalloc byte[2 * sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        return new NonceHash(BinaryPrimitives.ReadUInt64LittleEndian(random), BinaryPrimitives.ReadUInt64LittleEndian(random[sizeof(ulong)..]));
    }

    /// <summary>The hash of a nonce. Its upper bits and its lower bits may be used by themselves.</summary>
    public ulong Of(UInt128 nonce)
    {
        // A product's low bits know nothing of the factors' high bits, its high half knows all of them. The second one spreads what
        // nonces that follow each other leave close together.
        var upper = Math.BigMul((ulong)nonce ^ low, (ulong)(nonce >> 64) ^ high, out var lower);
        var folded = (upper ^ lower) * OddFraction;
        return folded ^ (folded >> 32);
    }
}
