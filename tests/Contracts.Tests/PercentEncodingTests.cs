namespace Gateway.Contracts.Tests;

public class PercentEncodingTests
{
    [Theory]
    [InlineData("a%20b+c", true, "a b c")]
    [InlineData("a%20b+c", false, "a b+c")]
    [InlineData("%2525", true, "%25")] // once
    [InlineData("%2F%2f", true, "//")]
    [InlineData("caf%C3%A9", true, "café")]
    [InlineData("é%20", true, "é ")]
    [InlineData("%F0%9F%98%80😀", true, "😀😀")]
    public void TryDecode_Text_IsDecodedOnce(string text, bool plusIsSpace, string expected)
    {
        Assert.True(PercentEncoding.TryDecode(text, plusIsSpace, out var decoded));
        Assert.Equal(expected, decoded);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%1")]
    [InlineData("%1g")]
    [InlineData("%ff")]
    [InlineData("%c3")]
    [InlineData("%c0%af")]
    [InlineData("%ed%a0%80")]
    public void TryDecode_BrokenOrNotUtf8_IsRefused(string text) => Assert.False(PercentEncoding.TryDecode(text, plusIsSpace: true, out _));

    [Fact]
    public void TryDecodeSegment_EncodedSlash_IsKept()
    {
        Assert.True(PercentEncoding.TryDecodeSegment("a%2Fb%2fc%61", out var decoded));
        Assert.Equal("a%2Fb%2fca", decoded);
    }
}
