namespace Gateway.Policies.Tests.Authentication;

/// <summary>Where documentation and clients disagree (decision 16): what is tried after the documented string, and what is not.</summary>
public class FallbackTests
{
    private static readonly TestRequest Signed = new TestRequest("GET", "/a").Sign();

    [Theory]
    [InlineData("/users/%E4%B8%AD%20x")]
    [InlineData("/a%2Fb/%61")] // the slash stays encoded
    [InlineData("/a%252Fb/%61")]
    [InlineData("/a%3Fb/%61")] // and so does the question mark
    public async Task Path_SignedDecoded_IsAccepted(string path)
    {
        var request = Signed with { Target = path };

        Assert.Equal("ok", await Send(request, Oracle.StringToSign(request, isPathDecoded: true)));
    }

    /// <summary>A signature for one route must not open another: an encoded slash, percent sign or question mark never stands for the plain one.</summary>
    [Theory]
    [InlineData("/a%2Fb", "/a/b")]
    [InlineData("/a%2fb", "/a/b")]
    [InlineData("/a%252Fb", "/a%2Fb")]
    [InlineData("/%61%2fb", "/a%2Fb")]
    [InlineData("/a+b%61", "/a ba")]
    [InlineData("/a%3Fb=1", "/a?b=1")] // a parameter of /a must not become a segment of /[name]
    [InlineData("/a%3fb=1?c=2", "/a?b=1%3Fc=2")]
    public async Task Path_SignedAsAnotherRoute_IsRefused(string sent, string signedPath)
        => Assert.Equal("A403IS", await Send(Signed with { Target = sent }, Oracle.StringToSign(Signed with { Target = signedPath })));

    /// <summary>Lesson HM-09.</summary>
    [Theory]
    [InlineData("GET\n")]
    [InlineData("POST\n")]
    public async Task Clash_SignedWithEitherValue_IsAccepted(string method)
    {
        var request = (Signed with { Method = method.TrimEnd(), Target = "/a?k=query&z=1" }).WithForm("k=form&k=second&y=2");

        Assert.Equal("ok", await Send(request, Oracle.StringToSign(request)));
        Assert.Equal("ok", await Send(request, Oracle.StringToSign(request, isQueryFirst: true)));
        Assert.Equal("A403IS", await Send(request, Oracle.StringToSign(request).Replace("k=form", "k=second", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("x-CA-key", "x-CA-key")] // as sent
    [InlineData("x-CA-key", "X-Ca-Key")]
    [InlineData("x-CA-key", "x-ca-key")]
    [InlineData("x-ca-key", "X-Ca-Key")] // HTTP/2
    public async Task NoList_KeyAloneSigned_IsAccepted(string sent, string inText)
    {
        var request = new TestRequest("GET", "/a").With(sent, TestRequest.Key);

        Assert.Equal("ok", await Send(request, Oracle.StringToSign(request, list: inText)));
        Assert.Equal("ok", await Send(request, Oracle.StringToSign(request)));
        Assert.Equal("A403IS", await Send(request, Oracle.StringToSign(request, list: "X-CA-KEY")));
        Assert.Equal("A403IS", await Send(request.With("X-Ca-Signature-Headers", "Accept"), Oracle.StringToSign(request, list: inText)));
    }

    [Theory]
    [InlineData("/a?k=1&k=2", "/a?k=1,2")] // repeated values joined
    [InlineData("/a?k=%20", "/a?k=%20")] // not decoded
    [InlineData("/a?k=", "/a?k=")] // the sign of equality before an empty value
    [InlineData("/a?b=1&a=2", "/a?b=1&a=2")] // not sorted
    [InlineData("/a/", "/a")]
    public async Task OtherHabits_AreRefused(string target, string inText)
        => Assert.Equal("A403IS", await Send(Signed with { Target = target }, Oracle.StringToSign(Signed).Replace("/a", inText, StringComparison.Ordinal)));

    /// <summary>Lesson HM-11: what the client's HTTP library adds after signing is not papered over.</summary>
    [Fact]
    public async Task Accept_AddedBehindTheSigner_IsRefusedAndShown()
    {
        using var api = new AppApi();

        var answer = await api.SendForAnswerAsync(Signed.With("Accept", "*/*"));

        Assert.Equal("A403IS", answer.Code);
        Assert.StartsWith("Invalid Signature, Server StringToSign:`GET#*/*####X-Ca-Key:", answer.Message, StringComparison.Ordinal);
    }

    private static async Task<string> Send(TestRequest request, string signedText)
    {
        using var api = new AppApi();
        return await api.SendAsync(request.With("X-Ca-Signature", Oracle.Sign(signedText, TestRequest.Secret)));
    }
}
