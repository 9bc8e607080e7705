using System.Buffers;
using CsCheck;
using Gateway.Backends.EventFunctions;

namespace Gateway.Backends.Tests.EventFunctions;

public sealed class PooledBufferTests
{
    [Fact]
    public void Write_InPiecesOfAnySize_KeepsEveryByte()
        => Gen.Byte.Array[0, 700].Array[0, 20].Sample(static pieces =>
        {
            using var buffer = new PooledBuffer(1);
            foreach (var piece in pieces)
            {
                buffer.Write(piece);
            }

            return buffer.WrittenSpan.SequenceEqual(pieces.SelectMany(static piece => piece).ToArray())
                && buffer.WrittenMemory.Length == buffer.Length;
        });

    [Fact]
    public void Dispose_Twice_ReturnsTheArrayOnce()
    {
        var buffer = new PooledBuffer(64);
        buffer.Write("abc"u8);
        buffer.Dispose();
        buffer.Dispose();

        var first = ArrayPool<byte>.Shared.Rent(64);
        var second = ArrayPool<byte>.Shared.Rent(64);

        Assert.NotSame(first, second);
        Assert.Equal(0, buffer.Length);
    }

    [Fact]
    public void Write_AfterDispose_Throws()
    {
        var buffer = new PooledBuffer(64);
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.GetSpan(1));
    }

    [Fact]
    public void Advance_BeyondWhatWasHandedOut_Throws()
    {
        using var buffer = new PooledBuffer(16);
        var length = buffer.GetSpan(1).Length;

        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(length + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
    }
}
