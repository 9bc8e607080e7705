using System.Text;
using Gateway.Commands;
using Gateway.Commands.Requests;

namespace Gateway.Tests.Commands;

public class RequestArgumentsTests
{
    [Theory]
    [InlineData("GET", "http://h/a")]
    [InlineData("PUT", "PUT", "http://h/a")]
    [InlineData("PUT", "-X", "PUT", "http://h/a")]
    [InlineData("PUT", "-XPUT", "http://h/a")]
    [InlineData("PUT", "--request", "PUT", "http://h/a")]
    [InlineData("PUT", "curl", "-i", "-X", "PUT", "http://h/a")]
    [InlineData("POST", "http://h/a", "-d", "x=1")]
    [InlineData("HEAD", "-I", "http://h/a")]
    [InlineData("http", "http", "http://h/a")]
    public void Method_IsCurlsUnlessGiven(string expected, params string[] args) => Assert.Equal(expected, Read(args).Method);

    [Theory]
    [InlineData("http://h:81/a/../b%2F?x=1#end", "http", "h:81", "/a/../b%2F?x=1")]
    [InlineData("https://h", "https", "h", "/")]
    [InlineData("h:81?x", "http", "h:81", "/?x")]
    [InlineData("h/a?u=http://x/y", "http", "h", "/a?u=http://x/y")]
    [InlineData("HTTP://[::1]:8080/", "http", "[::1]:8080", "/")]
    public void Url_IsSentAsWritten(string url, string scheme, string host, string target)
    {
        var request = Read(url);

        Assert.Equal((scheme, host, target), (request.Scheme, request.Host, request.Target));
    }

    [Fact]
    public void Headers_AreCurlsAndTheOnesGiven()
    {
        var request = Read("http://h/", "-H", "x-a:1", "-HX-B:  2 ", "-H", "X-Empty;", "-H", "User-Agent:", "-H", "Host: other", "-d", "a", "--data-raw", "@b");

        Assert.Equal("other", request.Host);
        Assert.Equal(
            ["x-a=1", "X-B=2", "X-Empty=", "Accept=*/*", "Content-Type=application/x-www-form-urlencoded"],
            request.Headers.Select(static header => $"{header.Key}={header.Value}"));
        Assert.Equal("a&@b", Encoding.UTF8.GetString(request.Body));
    }

    [Fact]
    public void Headers_OfCurlItself_CanBeTakenAway()
        => Assert.Empty(Read("http://h/", "-H", "Accept:", "-H", "content-type:", "-d", "a").Headers);

    [Theory]
    [InlineData("the request needs a URL")]
    [InlineData("one word too many", "GET", "http://h/a", "b")]
    [InlineData("is not a header", "http://h", "-H", "nonsense")]
    [InlineData("needs a value", "http://h", "-H")]
    [InlineData("needs a file behind the @", "http://h", "-d", "@")]
    [InlineData("is not an option", "http://h", "--sign-header", "x")]
    [InlineData("is not an option", "http://h", "-F", "x=1")]
    public void Arguments_ThatAreNone_AreRefused(string complaint, params string[] args)
    {
        Assert.False(Invocation.TryParse(["explain", .. args], out _, out var problem));
        Assert.Contains(complaint, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://h/a")]
    [InlineData("http:///a")]
    [InlineData("http://user:secret@h/a")]
    public void Url_ThatNobodyServes_IsRefused(string url) => Assert.False(RequestUrl.TryParse(url, out _, out _));

    [Theory]
    [InlineData("http://h:8080/a?b=1&c=%20", "'http://h:8080/a?b=1&c=%20'")]
    [InlineData("it's $HOME `x` \"y\" \\", @"'it'\''s $HOME `x` ""y"" \'")]
    [InlineData("plain/@=1", "plain/@=1")]
    [InlineData("", "''")]
    public void Quote_LeavesAShellNothingToRead(string text, string quoted) => Assert.Equal(quoted, CurlLine.Quote(text));

    private static DescribedRequest Read(params string[] args)
    {
        Assert.True(Invocation.TryParse(["explain", .. args], out var invocation, out var problem), problem);
        Assert.True(DescribedRequest.TryCreate(invocation.Request!, out var request, out problem), problem);
        return request;
    }
}
