using System.Buffers.Binary;

namespace Gateway.Policies.Tests;

public class KeyedHashTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 16).Select(static i => (byte)i)];

    /// <summary>Values computed with OpenSSL's SIPHASH, 16 bytes, over the bytes 0, 1, 2, …</summary>
    [Theory]
    [InlineData(16, "6EE2A4CA67B054BBFD3315BF85230577")]
    [InlineData(17, "473D06E8738DB89854C066C47AE47740")]
    [InlineData(24, "2DB479AE78BD50D8882A8A178A6132AD")]
    [InlineData(31, "2939B0183223FAFC1723DE4F52C43D35")]
    [InlineData(40, "DF6A301E95C95DAD97AE0CC8C6913BD8")]
    public void Compute_IsSipHash128(int length, string expected)
    {
        byte[] text = [.. Enumerable.Range(0, length).Select(static i => (byte)i)];
        var prefix = new Hash128(BinaryPrimitives.ReadUInt64LittleEndian(text), BinaryPrimitives.ReadUInt64LittleEndian(text.AsSpan(8)));

        var key = new KeyedHash(Secret).Compute(prefix, text.AsSpan(16));

        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, key.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), key.Low);
        Assert.Equal(expected, Convert.ToHexString(bytes));
    }

    [Fact]
    public void Compute_WithAnotherSecretOrAnotherLimit_GivesAnotherKey()
    {
        var one = new KeyedHash(Secret);
        var other = new KeyedHash([.. Secret.Reverse()]);

        Assert.NotEqual(one.Compute(new Hash128(1, 2), "value"u8), other.Compute(new Hash128(1, 2), "value"u8));
        Assert.NotEqual(one.Compute(new Hash128(1, 2), "value"u8), one.Compute(new Hash128(1, 3), "value"u8));
    }
}
