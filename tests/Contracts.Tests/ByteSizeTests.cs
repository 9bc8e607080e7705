namespace Gateway.Contracts.Tests;

public class ByteSizeTests
{
    [Theory]
    [InlineData("0B", 0)]
    [InlineData("512B", 512)]
    [InlineData("8KB", 8192)]
    [InlineData("6 mb", 6 << 20)]
    [InlineData("1GB", 1L << 30)]
    public void TryParse_NumberWithUnit_IsRead(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8")]
    [InlineData("KB")]
    [InlineData("-1KB")]
    [InlineData("1.5MB")]
    [InlineData("8KiB")]
    [InlineData("9223372036854775807GB")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0B")]
    [InlineData(1000, "1000B")]
    [InlineData(6 << 20, "6MB")]
    public void ToString_Size_IsWrittenInTheLargestUnit(long bytes, string text) => Assert.Equal(text, new ByteSize(bytes).ToString());
}
