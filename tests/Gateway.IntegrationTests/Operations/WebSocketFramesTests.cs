using CsCheck;
using Gateway.Hosting.Draining;

namespace Gateway.IntegrationTests.Operations;

/// <summary>Where a frame ends, however the bytes are cut.</summary>
public class WebSocketFramesTests
{
    private static readonly int[] Opcodes = [0, 1, 2, 9, 10];

    private static readonly Gen<byte[]> AnyFrame = Gen.Select(
        Gen.Int[0, 4].Select(static i => Opcodes[i]), Gen.Frequency((4, Gen.Int[0, 300]), (1, Gen.Int[65_000, 66_000])), Gen.Bool, Gen.Bool, Frame);

    [Fact]
    public void Advance_FramesCutAnywhere_EndsAtABoundaryExactlyBetweenFrames()
        => Gen.Select(AnyFrame.Array[1, 6], Gen.Int[1, 200].Array[1, 20]).Sample(
            (frames, cuts) =>
            {
                byte[] all = [.. frames.SelectMany(static frame => frame)];
                var ends = frames.Aggregate((List<int>)[0], static (list, frame) => [.. list, list[^1] + frame.Length]);
                var tracker = new WebSocketFrames();
                var position = 0;
                for (var i = 0; position < all.Length; i++)
                {
                    var piece = all.AsSpan(position, Math.Min(cuts[i % cuts.Length], all.Length - position));
                    position += tracker.AdvanceFrame(piece);
                    if (tracker.IsAtBoundary != ends.Contains(position))
                    {
                        return false;
                    }
                }

                return !tracker.HasClosed;
            },
            iter: 300);

    [Theory]
    [InlineData(new byte[] { 0x88, 0x00 }, true)]
    [InlineData(new byte[] { 0x88, 0x02, 0x03, 0xe8 }, true)]
    [InlineData(new byte[] { 0x88, 0x02, 0x03 }, false)]
    [InlineData(new byte[] { 0x89, 0x00 }, false)]
    [InlineData(new byte[] { 0x81, 0x01, 0x88 }, false)]
    public void Advance_CloseFrame_IsSeenWhenItIsWhole(byte[] bytes, bool closed)
    {
        var tracker = new WebSocketFrames();

        tracker.Advance(bytes);

        Assert.Equal(closed, tracker.HasClosed);
    }

    internal static byte[] Frame(int opcode, int length, bool isFinal, bool isMasked)
    {
        var frame = new List<byte> { (byte)((isFinal ? 0x80 : 0) | opcode) };
        var mask = isMasked ? 0x80 : 0;
        if (length < 126)
        {
            frame.Add((byte)(mask | length));
        }
        else if (length <= ushort.MaxValue)
        {
            frame.AddRange([(byte)(mask | 126), (byte)(length >> 8), (byte)length]);
        }
        else
        {
            frame.AddRange([(byte)(mask | 127), 0, 0, 0, 0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length]);
        }

        frame.AddRange(isMasked ? new byte[4] : []);
        frame.AddRange(Enumerable.Repeat((byte)0x88, length)); // Looks like a Close frame wherever the count is wrong.
        return [.. frame];
    }
}
