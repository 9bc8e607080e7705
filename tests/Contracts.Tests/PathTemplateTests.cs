namespace Gateway.Contracts.Tests;

public class PathTemplateTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/a//b")]
    [InlineData("/a/")]
    [InlineData("/a/*/b")]
    [InlineData("/a*")]
    [InlineData("/[]")]
    [InlineData("/[a b]")]
    [InlineData("/[a]/[a]")]
    [InlineData("/x[a]")]
    [InlineData("/{a}")]
    [InlineData("/a?b")]
    [InlineData("/%zz")]
    [InlineData("/../a")]
    [InlineData("/%2e%2e")]
    public void TryParse_BadTemplate_SaysWhatIsWrong(string text)
    {
        Assert.False(PathTemplate.TryParse(text, out var template, out var problem));
        Assert.Null(template);
        Assert.NotEmpty(problem!);
    }

    [Theory]
    [InlineData("/shop/[id]/*", "/shop/4%2F2/a/b%20c/", 1, "4%2F2")]
    [InlineData("/shop/[id]/*", "/shop/4%2F2/a/b%20c/", 2, "a/b%20c/")]
    [InlineData("/shop/*", "/shop/", 1, "")]
    [InlineData("/*", "/", 0, "")]
    [InlineData("/*", "/a/b", 0, "a/b")]
    public void RawSegment_OfAMatchedPath_IsAsSent(string text, string path, int index, string expected)
    {
        Assert.True(PathTemplate.TryParse(text, out var template, out _));

        Assert.Equal(expected, template!.RawSegment(path, index).ToString());
    }
}
