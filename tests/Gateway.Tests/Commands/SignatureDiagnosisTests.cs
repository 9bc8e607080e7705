using Gateway.Commands;
using Gateway.Commands.Explaining;
using Gateway.Commands.Requests;
using Gateway.Commands.Signing;
using Gateway.Configuration;
using Gateway.Policies.Authentication;
using Gateway.Tests.Configuration;
using Gateway.TestSupport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Commands;

/// <summary>Each case signs a request correctly, changes one thing on its way, and wants that thing named.</summary>
public class SignatureDiagnosisTests
{
    private const string Secret = "canary-0123456789";
    private static readonly FakeTimeProvider Time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));

    private static readonly GatewayConfiguration Configuration = Loading.LoadValid($$"""
        {
          "Gateway": {
            "Apps": {
              "fcApp": { "AppKey": "60022326", "AppSecret": "{{Secret}}" },
              "other": { "AppKey": "60022327", "AppSecret": "another-secret" }
            },
            "Backends": {}, "Groups": {}
          }
        }
        """);

    [Theory]
    [InlineData("an empty Accept", "Accept", "*/*", "http://h/a", "-H", "Accept:")]
    [InlineData("Accept: application/json", "Accept", "*/*", "http://h/a", "-H", "Accept: application/json")]
    [InlineData("an empty Accept", "Accept", "text/csv;q=0.1", "http://h/a", "-H", "Accept:")]
    [InlineData("Content-Type: application/json", "Content-Type", "application/json; x=1", "http://h/a", "-H", "Content-Type: application/json", "-d", "{}")]
    [InlineData("which is that of the body,", "Content-MD5", null, "http://h/a", "-H", "Content-Type: text/plain", "-d", "x")]
    [InlineData("an empty X-Ca-Stage", "X-Ca-Stage", "TEST", "http://h/a", "-H", "X-Ca-Stage;")]
    [InlineData("an empty Date", "Date", "Tue, 14 Nov 2023 22:13:20 GMT", "http://h/a")]
    public void Header_ChangedOnItsWay_IsNamed(string with, string name, string? arrived, params string[] args)
        => AssertCause(with, Sign(args).With(name, arrived));

    [Theory]
    [InlineData("the query not decoded", "/a?q=%2541", "/a?q=%41")]
    [InlineData("the query decoded twice", "/a?q=%41b", "/a?q=%2541b")]
    [InlineData("+ for each blank", "/a?q=x%2By", "/a?q=x%20y")]
    [InlineData("no query", "/a", "/a?q=1")]
    [InlineData("the path without its first segment", "/b?q=1", "/prefix/b?q=1")]
    [InlineData("no slash at the path's end", "/a", "/a/")]
    [InlineData("a slash at the path's end", "/a/", "/a")]
    public void Url_ChangedOnItsWay_IsNamed(string with, string sent, string arrived)
        => AssertCause(with, Sign([$"http://h{sent}"]) with { Target = arrived });

    [Fact]
    public void Method_ChangedOnItsWay_IsNamed() => AssertCause("the method POST", Sign(["POST", "http://h/a"]) with { Method = "GET" });

    [Fact]
    public void Form_NotSigned_IsNamed()
        => AssertCause("the form left out", Sign(["http://h/a", "-d", ""]) with { Body = "a=1"u8.ToArray() });

    [Fact]
    public void TwoChanges_AreBothNamed()
        => AssertCause("an empty Accept and Content-Type: application/json", Sign(["http://h/a", "-H", "Accept:", "-H", "Content-Type: application/json"])
            .With("Accept", "*/*").With("Content-Type", "text/html"));

    [Theory]
    [InlineData("the secret of app other", "another-secret")]
    [InlineData("a line end behind the secret", Secret + "\n")]
    public void Secret_ThatIsAnother_IsNamed(string with, string secret) => AssertCause(with, Sign(["http://h/a"], secret));

    [Fact]
    public void Algorithm_ThatIsAnother_IsNamed()
    {
        const string text = "GET\n*/*\n\n\n\nX-Ca-Key:60022326\n/a";
        var request = Read(["http://h/a"]).With("X-Ca-Key", "60022326").With("X-Ca-Signature-Headers", "X-Ca-Key")
            .With("X-Ca-Signature", RequestSigner.Sign(text, Secret, SignatureMethod.HmacSHA1));

        AssertCause("HmacSHA1", request);
    }

    /// <summary>By the rules that other clients follow, recomputed by hand.</summary>
    [Theory]
    [InlineData("the headers in the order of the list", "X-Ca-Timestamp,X-Ca-Key", "GET\n*/*\n\n\n\nX-Ca-Timestamp:1700000000000\nX-Ca-Key:60022326\n/a", "/a")]
    [InlineData("the names in lower case", "X-Ca-Key,X-Ca-Timestamp", "GET\n*/*\n\n\n\nx-ca-key:60022326\nx-ca-timestamp:1700000000000\n/a", "/a")]
    [InlineData("a blank behind each colon", "X-Ca-Key,X-Ca-Timestamp", "GET\n*/*\n\n\n\nX-Ca-Key: 60022326\nX-Ca-Timestamp: 1700000000000\n/a", "/a")]
    [InlineData("the parameters in the order sent", "X-Ca-Key", "GET\n*/*\n\n\n\nX-Ca-Key:60022326\n/a?b=2&a=1", "/a?b=2&a=1")]
    [InlineData("'=' behind names without a value", "X-Ca-Key", "GET\n*/*\n\n\n\nX-Ca-Key:60022326\n/a?a=1&b=", "/a?b=&a=1")]
    [InlineData("all values of a repeated parameter", "X-Ca-Key", "GET\n*/*\n\n\n\nX-Ca-Key:60022326\n/a?a=1,2", "/a?a=1&a=2")]
    [InlineData("the whole URL", "X-Ca-Key", "GET\n*/*\n\n\n\nX-Ca-Key:60022326\nhttp://h/a", "/a")]
    [InlineData("X-Ca-Timestamp signed as well", "X-Ca-Key", "GET\n*/*\n\n\n\nX-Ca-Key:60022326\nX-Ca-Timestamp:1700000000000\n/a", "/a")]
    public void Rule_OfAnotherClient_IsNamed(string with, string names, string text, string target)
    {
        var request = Read(["http://h" + target]).With("X-Ca-Key", "60022326").With("X-Ca-Timestamp", "1700000000000").With("X-Ca-Signature-Headers", names)
            .With("X-Ca-Signature", RequestSigner.Sign(text, Secret, SignatureMethod.HmacSHA256));

        AssertCause(with, request);
    }

    [Fact]
    public void Cause_ThatNothingShows_IsNotInvented()
    {
        var text = new SignatureDiagnosis(Sign(["http://h/a"], "nobody-knows"), Configuration).Write(clientString: null);

        Assert.Contains("Cause: not found.", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownKey_IsNotRecomputed()
        => Assert.Contains("nothing could be recomputed", new SignatureDiagnosis(Sign(["http://h/a"]).With("X-Ca-Key", "1"), Configuration).Write(null), StringComparison.Ordinal);

    [Theory]
    [InlineData("GET\n*/*\n\n\n\nX-Ca-Key:1\n/a?b=1", "the same")]
    [InlineData("GET\n*/*\n\n\n\nX-Ca-Key:1\n/a?b=1\n", "the same")]
    [InlineData(@"GET\n*/*\n\n\n\nX-Ca-Key:1\n/a?b=1", "the same")]
    [InlineData("GET#*/*####X-Ca-Key:1#/a?b=1", "the same")]
    [InlineData("Invalid Signature, Server StringToSign:`GET#*/*####X-Ca-Key:1#/a?b=1`", "the same")]
    [InlineData("GET\n\n\n\n\nX-Ca-Key:1\n/a?b=1", "line 2, Accept.\n  client  (empty)\n  server  */*")]
    [InlineData("GET#*/*####X-Ca-Key:2#/a?b=1", "line 6, header.\n  client  X-Ca-Key:2\n  server  X-Ca-Key:1\n                   ^")]
    [InlineData("GET\n*/*\n\n\n\nX-Ca-Key:1\n/a?b=1&c", "line 7, url.")]
    [InlineData("GET\n*/*", "line 3, Content-MD5.\n  client  (no such line)")]
    public void ClientString_InAnyShape_IsComparedLineByLine(string client, string expected)
        => Assert.Contains(expected, ClientString.Compare("GET\n*/*\n\n\n\nX-Ca-Key:1\n/a?b=1", ClientString.Read(client)), StringComparison.Ordinal);

    [Fact]
    public void Diagnosis_WithTheClientsString_IsGolden()
    {
        var request = Sign(["http://h/a?b=1&c=%0A", "-H", "Accept:"]).With("Accept", "*/*");
        const string client = "GET\n\n\n\n\nX-Ca-Key:60022326\nX-Ca-Timestamp:1700000000000\n/a?b=1&c=\n";

        Golden.Matches("signature-diagnosis.txt", new SignatureDiagnosis(request, Configuration).Write(client + "\n"));
    }

    private static void AssertCause(string with, DescribedRequest request)
    {
        var text = new SignatureDiagnosis(request, Configuration).Write(clientString: null);

        Assert.Contains("Cause: with ", text, StringComparison.Ordinal);
        Assert.Contains(with, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    private static DescribedRequest Sign(string[] args, string secret = Secret)
    {
        Assert.True(Invocation.TryParse(["sign", .. args], out var invocation, out var problem), problem);
        var key = new SigningKey("60022326", secret, SignatureMethod.HmacSHA256, [], HasNonce: false);
        return RequestSigning.Sign(Read(invocation.Request!), key, Time)!.Request;
    }

    private static DescribedRequest Read(string[] args)
    {
        Assert.True(Invocation.TryParse(["explain", .. args], out var invocation, out var problem), problem);
        return Read(invocation.Request!);
    }

    private static DescribedRequest Read(RequestArguments arguments)
    {
        Assert.True(DescribedRequest.TryCreate(arguments, out var request, out var problem), problem);
        return request;
    }
}
