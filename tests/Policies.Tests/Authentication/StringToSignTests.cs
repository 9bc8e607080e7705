using System.Text;
using CsCheck;
using Gateway.Policies.Authentication;
using Gateway.Policies.Authentication.Signatures;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Policies.Tests.Authentication;

public class StringToSignTests
{
    private static readonly TestRequest Get = new("GET", "/a");

    [Fact]
    public void StringToSign_WithNothing_IsMethodFourEmptyLinesAndPath() => Assert.Equal("GET\n\n\n\n\n/a", Text(Get));

    [Theory]
    [InlineData("/a?", "/a")]
    [InlineData("/a?&&", "/a")]
    [InlineData("/a?=&=", "/a")]
    [InlineData("/a?b", "/a?b")]
    [InlineData("/a?b=", "/a?b")]
    [InlineData("/a?=v", "/a?=v")]
    [InlineData("/a?b=1&b=2&a=3", "/a?a=3&b=1")]
    [InlineData("/a?b=&b=2", "/a?b")]
    [InlineData("/a?B=1&a=2&10=3&9=4&_=5", "/a?10=3&9=4&B=1&_=5&a=2")]
    [InlineData("/a?q=a+b&r=a%20b&p=a%2Bb", "/a?p=a+b&q=a b&r=a b")]
    [InlineData("/a?x=%E4%B8%AD", "/a?x=中")]
    [InlineData("/a?x=a=b&y=a%26b", "/a?x=a=b&y=a&b")]
    [InlineData("/a?x=%zz&y=%4&z=%", "/a?x=%zz&y=%4&z=%")] // what cannot be decoded stays, so that it is not taken for anything else
    [InlineData("/a?x=%FF+%41", "/a?x=%FF+%41")]
    [InlineData("/a%2Fb/%61?x=1", "/a%2Fb/%61?x=1")]
    public void StringToSign_OfTarget_HasItsPathAndDecodedSortedParameters(string target, string expected)
        => Assert.Equal($"GET\n\n\n\n\n{expected}", Text(Get with { Target = target }));

    /// <summary>Lesson HM-10: any order and any letter case of the list.</summary>
    [Fact]
    public void StringToSign_ListedHeaders_AreSortedAsSpelledWithoutTheExcluded()
    {
        var request = Get.With("X-Ca-Key", "1").With("b", "2").With("A", "").With("Accept", "*/*")
            .With("X-Ca-Signature-Headers", " b , x-ca-KEY,, A,missing,X-ca-key,ACCEPT,Content-md5,date,content-TYPE,x-ca-signature,X-Ca-Signature-Headers,");

        Assert.Equal("GET\n*/*\n\n\n\nA:\nX-ca-key:1\nb:2\nmissing:\nx-ca-KEY:1\n/a", Text(request));
    }

    [Fact]
    public void StringToSign_RepeatedHeader_TakesTheFirst()
        => Assert.Equal("GET\na\n\n\n\nx:1\n/a", Text(Get.Adding("Accept", "a").Adding("Accept", "b").Adding("x", "1").Adding("x", "2").With("X-Ca-Signature-Headers", "x")));

    [Theory]
    [InlineData("application/x-www-form-urlencoded", true)]
    [InlineData("APPLICATION/X-WWW-Form-URLEncoded ; charset=UTF-8", true)]
    [InlineData("application/x-www-form-urlencoded;charset=\"utf-8\"", true)]
    [InlineData("application/x-www-form-urlencodedx", false)]
    [InlineData("multipart/form-data; boundary=x", false)]
    [InlineData("text/plain", false)]
    public void StringToSign_Body_CountsAsFormByContentType(string contentType, bool isForm)
        => Assert.Equal($"POST\n\n\n{contentType}\n\n/a{(isForm ? "?b=1" : "")}", Text(new TestRequest("POST", "/a").WithForm("b=1", contentType)));

    [Theory]
    [InlineData("gbk", "n=%D6%D0%CE%C4&raw=\u00D6\u00D0", "/a?n=中文&raw=中")]
    [InlineData("GB2312", "n=%D6%D0", "/a?n=中")]
    [InlineData("iso-8859-1", "n=%E9&raw=\u00E9", "/a?n=é&raw=é")]
    [InlineData("us-ascii", "n=%C3%A9", "/a?n=é")]
    [InlineData("gbk", "n=%FF%FF", "/a?n=%FF%FF")]
    public void StringToSign_FormInAnotherCharset_IsDecodedByIt(string charset, string form, string expected)
        => Assert.Equal($"POST\n\n\napplication/x-www-form-urlencoded; charset={charset}\n\n{expected}", Text(new TestRequest("POST", "/a").WithForm(form, $"application/x-www-form-urlencoded; charset={charset}")));

    /// <summary>Clients in Java, JavaScript and .NET sort UTF-16: U+1F600 comes before U+FF21, in UTF-8 it is the other way round.</summary>
    [Fact]
    public void StringToSign_NamesBeyondTheBmp_SortAsUtf16()
        => Assert.Equal("GET\n\n\n\n\n/a?z=1&\U0001F600=2&\uFF21=3", Text(Get with { Target = "/a?%EF%BC%A1=3&%F0%9F%98%80=2&z=1" }));

    [Fact]
    public void CompareOrdinal_AnyTwoTexts_AgreesWithUtf16()
    {
        var text = Gen.String[Gen.Char['a', 'c'], 0, 2].Select(Gen.OneOf("", "\U0001F600", "\U00010000", "\uFF21", "\uE000", "\uD7FF", "é", "中"), static (left, right) => left + right);
        Gen.Select(text, text, text).Sample(static (x, y, z) => Math.Sign(string.CompareOrdinal(x + z, y + z)) == Math.Sign(ParameterOrder.CompareOrdinal(Encoding.UTF8.GetBytes(x + z), Encoding.UTF8.GetBytes(y + z))));
    }

    /// <summary>The writer against the plain one, over names that repeat, clash, and need escapes; more than are sorted in place among them.</summary>
    [Fact]
    public void StringToSign_AnyRequest_IsTheOracles()
    {
        var word = Gen.OneOf(Gen.OneOf("", "a", "A", "b", "a b", "=", "&", "+", "%", "中", "\U0001F600", "\uFF21", "~*"), Gen.String[Gen.Char['0', 'z'], 1, 3]);
        var pairs = Gen.Select(word, word, static (name, value) => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}".Replace("%20", "+", StringComparison.Ordinal)).Array[0, 40].Select(static all => string.Join('&', all));
        var list = Gen.OneOf("", "X-Ca-Key", "x-b,X-Ca-Key,a,Accept", "z,Z,y,Y,x,X", "Host,,x-missing");
        Gen.Select(pairs, pairs, list).Sample(static (query, form, list) =>
        {
            var request = new TestRequest("PUT", "/a/%E4%B8%AD?" + query).WithForm(form)
                .With("X-Ca-Key", "1").With("x", "中").With("Z", "2").With("Host", "h").With("Accept", "text/plain").With("X-Ca-Signature-Headers", list);
            return Text(request) == Oracle.StringToSign(request);
        });
    }

    /// <summary>A WebSocket over HTTP/2 is opened with CONNECT (RFC 8441), over HTTP/1.1 with the GET that clients sign.</summary>
    [Fact]
    public void StringToSign_OfAWebSocketOverHttp2_IsThatOfItsGet()
    {
        var context = (Get with { Method = "CONNECT" }).ToContext();
        context.Features.Set<IHttpExtendedConnectFeature>(new WebSocketConnect());

        Assert.Equal(Text(Get), RequestSigner.StringToSign(context, default));
    }

    [Fact]
    public void StringToSign_MoreThanIsRead_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Text(Get with { Target = "/a?" + new string('&', SignedParameters.MostParameters) }));
        Assert.Throws<ArgumentException>(() => Text(Get.With("big", new string('x', 30_000)).With("X-Ca-Signature-Headers", string.Join(',', Enumerable.Repeat("big", 20)))));
        Assert.Throws<ArgumentException>(() => Text(new TestRequest("POST", "/a").WithForm("a=1", "application/x-www-form-urlencoded; charset=utf-7")));
    }

    private static string Text(TestRequest request) => RequestSigner.StringToSign(request.ToContext(), request.Body);

    private sealed class WebSocketConnect : IHttpExtendedConnectFeature
    {
        public bool IsExtendedConnect => true;

        public string Protocol => "websocket";

        public ValueTask<Stream> AcceptAsync() => throw new NotSupportedException();
    }
}
