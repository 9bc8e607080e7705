using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Gateway.Backends.Signing;

namespace Gateway.Backends.Tests.Signing;

public sealed class Acs3SignatureTests
{
    private const string EmptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void Authorize_ExampleOfTheDocumentation_GivesItsSignature()
    {
        const string target = "/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai";
        SignedHeader[] headers =
        [
            new("x-acs-version", "2014-05-26"),
            new("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            new("x-acs-date", "2023-10-26T10:22:32Z"),
            new("x-acs-content-sha256", EmptyBodyHash),
            new("x-acs-action", "RunInstances"),
            new("host", "ecs.cn-shanghai.aliyuncs.com"),
        ];

        var authorization = Acs3Signature.Authorize(Key("YourAccessKeyId", "YourAccessKeySecret"), "POST", target, headers, EmptyBodyHash);

        Assert.Equal(
            "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,"
            + "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
            + "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
            authorization);
        Assert.Equal(
            "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259", CanonicalHash("POST", target, headers, EmptyBodyHash));
    }

    [Fact]
    public void Authorize_ExampleOfThePublishedClient_MergesHeadersThatDifferInCase()
    {
        SignedHeader[] headers = [new("x-acs-TEST", "https"), new("x-acs-test", "http")];

        var authorization = Acs3Signature.Authorize(
            Key("acesskey", "secret"), "", "?test=ok&empty=", headers, "55e12e91650d2fec56ec74e1d3e4ddbfce2ef3a65890c2a19ecf88a307e76a23");

        Assert.Equal(
            "ACS3-HMAC-SHA256 Credential=acesskey,SignedHeaders=x-acs-test,"
            + "Signature=4ab59fffe3c5738ff8a2729f90cc04fe18b02a4b15b2102cbaf92f9ff3df2ea3",
            authorization);
    }

    [Fact]
    public void Authorize_InvokeFunctionCall_GivesTheRecordedSignature()
    {
        const string target = "/2023-03-30/functions/demo/invocations?qualifier=LATEST";
        const string bodyHash = "f754cbee5c672fa1e2b7d15c50b6bcfad9af2140968b6bb97bce28df0a46d7ae";
        SignedHeader[] headers =
        [
            new("content-type", "application/octet-stream"),
            new("host", "123456789.cn-hangzhou.fc.aliyuncs.com"),
            new("x-acs-action", "InvokeFunction"),
            new("x-acs-content-sha256", bodyHash),
            new("x-acs-date", "2026-01-02T03:04:05Z"),
            new("x-acs-signature-nonce", "0123456789abcdef0123456789abcdef"),
            new("x-acs-version", "2023-03-30"),
        ];

        var authorization = Acs3Signature.Authorize(Key("testid", "testsecret"), "POST", target, headers, bodyHash);

        Assert.Equal(
            "ACS3-HMAC-SHA256 Credential=testid,"
            + "SignedHeaders=content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
            + "Signature=5066bc6b804bf2adf257b77b745417c25bae08ff03b96fda006ef5933ee2461d",
            authorization);
        Assert.Equal("ac536deb7619441f92bd51a5d6f5ffa071152c2c10eec8aee11c6f6bf19d14b1", CanonicalHash("POST", target, headers, bodyHash));
    }

    [Fact]
    public void Authorize_HttpTrigger_SignsAnEmptyPayloadLineAndAnEmptyToken()
    {
        const string target = "/hello%20world?a=1&b=";
        SignedHeader[] headers = [new("x-acs-date", "2026-01-02T03:04:05Z"), new("x-acs-security-token", "")];

        var authorization = Acs3Signature.Authorize(Key("testid", "testsecret"), "GET", target, headers, payloadHash: default);

        Assert.Equal(
            "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=x-acs-date;x-acs-security-token,"
            + "Signature=fc1c7e194a03c1abe4d6c3bf03b68d08328fb69e415d34f3abc9e81510998bf6",
            authorization);
        Assert.Equal("8d84572064034b0b7b0156414d5dc3f98fdeb63bdad5edd1ad3d449ae16b8fd5", CanonicalHash("GET", target, headers, ""));
    }

    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("/a//b/", "/a//b/")]
    [InlineData("/a b/ü", "/a%20b/%C3%BC")]
    [InlineData("/%c3%bc/%7e/~", "/%C3%BC/~/~")]
    [InlineData("/a*b/a$b/a+b/a:b@c", "/a%2Ab/a%24b/a%2Bb/a%3Ab%40c")]
    [InlineData("/a%2fb/c%2Fd", "/a%2Fb/c%2Fd")]
    [InlineData("/100%/%zz/%4", "/100%25/%25zz/%254")]
    [InlineData("/%ff%00", "/%FF%00")]
    [InlineData("/%2525", "/%2525")]
    public void WritePath_AnySpelling_GivesTheCanonicalOne(string path, string expected)
        => Assert.Equal(expected, Text(path, CanonicalUri.WritePath));

    [Theory]
    [InlineData("", "")]
    [InlineData("&&", "")]
    [InlineData("flag", "flag=")]
    [InlineData("b=2&a=1", "a=1&b=2")]
    [InlineData("a=second&A=&a=third", "A=&a=second")]
    [InlineData("q=a+b%20c%2bd", "q=a%20b%20c%2Bd")]
    [InlineData("a=b=c&=x", "=x&a=b%3Dc")]
    [InlineData("%61=1&a=2", "a=1")]
    [InlineData("a%26=1&a%20=2&a-=3&a/=4", "a%20=2&a%26=1&a-=3&a%2F=4")]
    [InlineData("*=~$", "%2A=~%24")]
    public void WriteQuery_AnySpelling_GivesTheCanonicalOne(string query, string expected)
        => Assert.Equal(expected, Text(query, CanonicalUri.WriteQuery));

    [Fact]
    public void WritePath_AnyText_AgreesWithTheOracle()
        => Texts.Sample(text => Text("/" + text, CanonicalUri.WritePath) == Acs3Oracle.CanonicalPath("/" + text));

    [Fact]
    public void WriteQuery_AnyText_AgreesWithTheOracle()
        => Texts.Sample(text => Text(text, CanonicalUri.WriteQuery) == Acs3Oracle.CanonicalQuery(text));

    [Fact]
    public void Authorize_AnyTarget_FitsItsBuffer()
        => Gen.Select(Gen.String, Gen.String).Sample((target, value) => Acs3Signature.Authorize(
            Key("id", "secret"), "GET", target, [new SignedHeader("x-acs-date", value), new SignedHeader("host", value)], "").Length > 0);

    [Fact]
    public void Authorize_ManyQueryNames_TakesNoQuadraticTime()
    {
        var target = "/?" + string.Join('&', Enumerable.Range(0, 50_000).Select(i => $"n{50_000 - i}=v"));

        var authorization = Acs3Signature.Authorize(Key("id", "secret"), "GET", target, [], "");

        var expected = Acs3Oracle.Sign("secret", Acs3Oracle.CanonicalRequest("GET", target, [], ""));
        Assert.EndsWith(expected, authorization, StringComparison.Ordinal);
    }

    [Fact]
    public void AccessKey_WrittenAsText_HidesTheSecret()
    {
        var key = new AccessKey(new() { AccessKeyId = "id", AccessKeySecret = "canary-secret", SecurityToken = "canary-token" });

        Assert.DoesNotContain("canary", key.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "canary")]
    [InlineData("canary", null)]
    [InlineData("canary", "")]
    public void AccessKey_WithoutIdOrSecret_IsRefusedWithoutNamingEither(string? id, string? secret)
    {
        var exception = Assert.Throws<ArgumentException>(() => new AccessKey(new() { AccessKeyId = id, AccessKeySecret = secret }));

        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Text of the characters that matter, well-formed escapes among them, so that every rule is met often.</summary>
    private static Gen<string> Texts { get; } = Gen
        .Int[0, Pieces.Length - 1]
        .Array[0, 12]
        .Select(picks => string.Concat(picks.Select(i => Pieces[i])));

    private static string[] Pieces =>
    [
        "a", "b", "A", "-", "_", ".", "~", "*", "$", "+", "&", "=", "/", ":",
        "%20", "%2F", "%2f", "%7e", "%41", "%C3%BC", "%26", "%3D", "ü", "🙂",
    ];

    private delegate int Writer(ReadOnlySpan<char> text, Span<byte> destination);

    private static string Text(string text, Writer write)
    {
        var buffer = new byte[9 * (text.Length + 1)];
        return Encoding.UTF8.GetString(buffer, 0, write(text, buffer));
    }

    private static AccessKey Key(string id, string secret) => new(new() { AccessKeyId = id, AccessKeySecret = secret });

    private static string CanonicalHash(string method, string target, SignedHeader[] sorted, string payloadHash)
    {
        var canonical = new CanonicalRequest(new byte[CanonicalRequest.MaxLength(method, target, sorted, payloadHash)]);
        canonical.Write(method, target, sorted, payloadHash);
        return Convert.ToHexStringLower(SHA256.HashData(canonical.Written));
    }
}
