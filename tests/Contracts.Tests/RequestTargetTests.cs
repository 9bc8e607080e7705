namespace Gateway.Contracts.Tests;

public class RequestTargetTests
{
    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("/a%2Fb?c=d?e", "/a%2Fb", "?c=d?e")]
    [InlineData("/a?", "/a", "?")]
    [InlineData("http://host/a?b", "/a", "?b")]
    [InlineData("http://host", "/", "")]
    [InlineData("http://host?b", "/", "?b")]
    [InlineData("HTTPS://user@host:1/a//b", "/a//b", "")]
    [InlineData("/x://y", "/x://y", "")]
    public void TryParse_OriginOrAbsoluteForm_IsCut(string raw, string path, string query)
    {
        Assert.True(RequestTarget.TryParse(raw, out var target));
        Assert.Equal(path, target.Path);
        Assert.Equal(query, target.QueryWithMark);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("host:443")]
    [InlineData("a/b")]
    [InlineData("://x/")]
    [InlineData("?a://b")]
    [InlineData("http://host#/a")]
    [InlineData("http://host#?a")]
    public void TryParse_AnythingElse_IsRefused(string raw) => Assert.False(RequestTarget.TryParse(raw, out _));
}
