using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Gateway.Policies;

/// <summary>SipHash-2-4 with 128 bits (Aumasson, Bernstein): without the secret nobody can choose values whose hashes collide.</summary>
/// <remarks>Thread-safe. An HMAC would cost twenty times as much, and an unkeyed hash lets a client aim at another one's entry.</remarks>
internal sealed class KeyedHash
{
    /// <summary>Length of the secret, in bytes.</summary>
    public const int SecretLength = 16;

    private readonly ulong _key0;
    private readonly ulong _key1;

    /// <summary>Takes a secret of <see cref="SecretLength"/> bytes.</summary>
    public KeyedHash(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SecretLength);
        _key0 = BinaryPrimitives.ReadUInt64LittleEndian(secret);
        _key1 = BinaryPrimitives.ReadUInt64LittleEndian(secret[8..]);
    }

    /// <summary>A hash with a secret of its own, for what never leaves this process.</summary>
    public static KeyedHash CreateRandom()
    {
        Span<byte> secret = stackalloc byte[SecretLength];
        RandomNumberGenerator.Fill(secret);
        return new KeyedHash(secret);
    }

    /// <summary>Hashes the 16 bytes of <paramref name="prefix"/> and then <paramref name="value"/>, as if they were one text.</summary>
    public Hash128 Compute(Hash128 prefix, ReadOnlySpan<byte> value)
    {
        var state = new State(_key0, _key1);
        state.Absorb(prefix.High);
        state.Absorb(prefix.Low);

        var rest = value;
        for (; rest.Length >= 8; rest = rest[8..])
        {
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }

        var last = (ulong)(byte)(value.Length + SecretLength) << 56;
        for (var i = 0; i < rest.Length; i++)
        {
            last |= (ulong)rest[i] << (8 * i);
        }

        state.Absorb(last);
        return state.Finish();
    }

    private struct State(ulong key0, ulong key1)
    {
        private ulong _v0 = key0 ^ 0x736f6d6570736575;
        private ulong _v1 = key1 ^ 0x646f72616e646f6d ^ 0xee; // 0xee tells the 128-bit variant from the 64-bit one.
        private ulong _v2 = key0 ^ 0x6c7967656e657261;
        private ulong _v3 = key1 ^ 0x7465646279746573;

        [MethodImpl(MethodImplOptions.AggressiveInlining)] // Else the four words live in memory, at three times the cost.
        public void Absorb(ulong word)
        {
            _v3 ^= word;
            Mix(2);
            _v0 ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Hash128 Finish()
        {
            _v2 ^= 0xee;
            Mix(4);
            var high = _v0 ^ _v1 ^ _v2 ^ _v3;
            _v1 ^= 0xdd;
            Mix(4);
            return new Hash128(high, _v0 ^ _v1 ^ _v2 ^ _v3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Mix(int rounds)
        {
            for (; rounds > 0; rounds--)
            {
                _v0 += _v1;
                _v2 += _v3;
                _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
                _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
                _v0 = BitOperations.RotateLeft(_v0, 32);
                _v2 += _v1;
                _v0 += _v3;
                _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
                _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
                _v2 = BitOperations.RotateLeft(_v2, 32);
            }
        }
    }
}
