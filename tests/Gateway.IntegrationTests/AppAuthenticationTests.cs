using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts;
using Gateway.Policies.Authentication;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.IntegrationTests;

/// <summary>Apps on the wire: what arrives at Kestrel is what was signed, and what was verified is what the backend gets.</summary>
public class AppAuthenticationTests
{
    private const string Key = "60022326";
    private const string Secret = "canary-secret-5d1e";
    private const string Code = "canary-code-0a9b";

    private const string Section = """
        {
          "Apps": {
            "fcApp": { "AppKey": "60022326", "AppSecret": "canary-secret-5d1e", "AppCodes": [ "canary-code-0a9b" ] },
            "late": { "AppKey": "60022327", "AppSecret": "canary-secret-late" },
            "stranger": { "AppKey": "60022328", "AppSecret": "canary-secret-stranger" }
          },
          "Backends": { "echo": { "Type": "WebFunction", "Address": "{{address}}" } },
          "Groups": {
            "g": {
              "Apis": {
                "private": {
                  "Path": "/private/*", "Backend": "echo", "AppCode": "HeaderOrQuery", "AllowEncodedSlash": true,
                  "Apps": { "fcApp": { }, "late": { "ExpiresAt": "2020-01-01T00:00:00Z" } }
                },
                "signed": { "Path": "/signed/*", "Backend": "echo", "AppCode": "Disabled", "RequireNonce": true, "Apps": { "fcApp": { } } }
              }
            }
          }
        }
        """;

    /// <summary>The body that it got, and the target as it stood on the wire.</summary>
    private static async Task EchoAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Response.Headers["X-Target"] = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        context.Response.Headers["X-Body-Hash"] = Convert.ToHexString(SHA256.HashData(body.ToArray()));
        context.Response.Headers["X-Saw"] = string.Join(' ', context.Request.Headers.Keys);
    }

    [Fact]
    public async Task AppCode_InHeaderOrQuery_IsServed()
    {
        await using var backend = await LoopbackServer.StartAsync(EchoAsync);
        await using var gateway = await StartAsync(backend);

        Assert.Equal(200, (await SendAsync(gateway, "GET", "/private/x", [("Authorization", "APPCODE " + Code)])).Status);
        Assert.Equal(200, (await SendAsync(gateway, "GET", "/private/x?appcode=" + Code, [])).Status);
        Assert.Equal("A400AC", (await SendAsync(gateway, "GET", "/private/x", [("Authorization", "APPCODE x")])).Header("X-Ca-Error-Code"));
        Assert.Equal("I400MH", (await SendAsync(gateway, "GET", "/signed/x", [("Authorization", "APPCODE " + Code)])).Header("X-Ca-Error-Code"));
    }

    /// <summary>Lesson HM-13: verified from the raw target, and forwarded byte for byte.</summary>
    [Theory]
    [InlineData("/private/a%2Fb")]
    [InlineData("/private/a%252Fb")]
    [InlineData("/private/a%20b?q=a+b&r=%2B")]
    [InlineData("/private/%C3%BC?%C3%BC=%C3%BC")]
    [InlineData("/private/%61?%61=%61&tag=2&tag=1&empty=")]
    public async Task Signature_OfAnyTarget_IsVerifiedAndTheTargetForwardedAsSent(string target)
    {
        await using var backend = await LoopbackServer.StartAsync(EchoAsync);
        await using var gateway = await StartAsync(backend);

        var answer = await SendAsync(gateway, "GET", target, Sign("GET", target, [("Accept", "*/*")]));

        Assert.Equal(200, answer.Status);
        Assert.Equal(target, answer.Header("X-Target"));
    }

    /// <summary>Lesson HM-12: one signature, both versions.</summary>
    [Fact]
    public async Task Signature_OverHttp1AndHttp2_IsTheSame()
    {
        await using var backend = await LoopbackServer.StartAsync(EchoAsync);
        await using var gateway = await RunningGateway.StartSectionAsync(Section.Replace("{{address}}", backend.Address, StringComparison.Ordinal), extra: """
            "Kestrel": { "Endpoints": {
                "a": { "Url": "http://127.0.0.1:0", "Protocols": "Http1" },
                "b": { "Url": "http://127.0.0.1:0", "Protocols": "Http2" } } }
            """);
        const string target = "/private/%C3%BC?b=1&a=%20";
        var headers = Sign("POST", target, [("Accept", "text/plain"), ("Content-Type", "application/x-www-form-urlencoded")], form: "c=3&a=2");
        foreach (var address in gateway.Addresses)
        {
            var version = address == gateway.Addresses[0] ? HttpVersion.Version11 : HttpVersion.Version20;
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, target)) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Content = new ByteArrayContent("c=3&a=2"u8.ToArray());
            foreach (var (name, value) in headers)
            {
                Assert.True(request.Headers.TryAddWithoutValidation(name, value) || request.Content.Headers.TryAddWithoutValidation(name, value));
            }

            using var answer = await gateway.Client.SendAsync(request);

            Assert.Equal((HttpStatusCode.OK, version), (answer.StatusCode, answer.Version));
            Assert.Equal(Convert.ToHexString(SHA256.HashData("c=3&a=2"u8)), answer.Headers.GetValues("X-Body-Hash").Single());
        }
    }

    /// <summary>Lesson HM-24: what was read to be verified is all there for the function, from memory or from a file.</summary>
    [Theory]
    [InlineData(5 << 20, false)]
    [InlineData(5 << 20, true)]
    [InlineData(100_000, true)]
    public async Task Body_WithItsDigest_ArrivesWhole(int size, bool isChunked)
    {
        await using var backend = await LoopbackServer.StartAsync(EchoAsync);
        await using var gateway = await StartAsync(backend);
        var body = RandomNumberGenerator.GetBytes(size);
#pragma warning disable CA5351 // The header's.
        var digest = Convert.ToBase64String(MD5.HashData(body));
#pragma warning restore CA5351
        var headers = Sign("POST", "/private/x", [("Content-Type", "application/octet-stream"), ("Content-MD5", digest)]);

        using var answer = await PostAsync(gateway, headers, body, isChunked);
        body[size / 2] ^= 1;
        using var changed = await PostAsync(gateway, headers, body, isChunked);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        body[size / 2] ^= 1;
        Assert.Equal(Convert.ToHexString(SHA256.HashData(body)), answer.Headers.GetValues("X-Body-Hash").Single());
        Assert.Equal("I400I5", changed.Headers.GetValues("X-Ca-Error-Code").Single());
    }

    /// <summary>The answers that clients test for, to the letter; no secret in them or in the log (lesson HM-18).</summary>
    [Fact]
    public async Task Refusals_AreTheGoldenOnesAndHoldNoSecret()
    {
        await using var backend = await LoopbackServer.StartAsync(EchoAsync);
        await using var gateway = await StartAsync(backend);
        var old = DateTimeOffset.UnixEpoch;
        var used = Sign("GET", "/signed/x", [], nonce: "n");
        Assert.Equal(200, (await SendAsync(gateway, "GET", "/signed/x", used)).Status);
        (string Name, string Target, IReadOnlyList<(string, string)> Headers)[] cases =
        [
            ("no credentials", "/private/x", []),
            ("no credentials, no AppCodes", "/signed/x", []),
            ("key alone", "/private/x", [("X-Ca-Key", Key)]),
            ("signature alone", "/private/x", [("X-Ca-Signature", "AAAA")]),
            ("repeated key", "/private/x", [("X-Ca-Key", Key), ("X-Ca-Key", Key)]),
            ("repeated AppCode", "/private/x", [("Authorization", "APPCODE " + Code), ("Authorization", "APPCODE " + Code)]),
            ("unknown AppCode", "/private/x", [("Authorization", "APPCODE nobody")]),
            ("unknown key", "/private/x", Sign("GET", "/private/x", [], key: "1")),
            ("wrong signature", "/private/x?b=%C3%BC&a&AppCode=" + Code, [("X-Ca-Key", Key), ("X-Ca-Signature", "AAAA"), ("Accept", "*/*"), ("X-Ca-Signature-Headers", "X-Ca-Key")]),
            ("old timestamp", "/private/x", Sign("GET", "/private/x", [], at: old)),
            ("timestamp that is none", "/private/x", [("X-Ca-Key", Key), ("X-Ca-Signature", "AAAA"), ("X-Ca-Timestamp", "yesterday")]),
            ("no nonce", "/signed/x", Sign("GET", "/signed/x", [])),
            ("used nonce", "/signed/x", used),
            ("not listed", "/private/x", Sign("GET", "/private/x", [], key: "60022328", secret: "canary-secret-stranger")),
            ("expired", "/private/x", Sign("GET", "/private/x", [], key: "60022327", secret: "canary-secret-late")),
            ("HmacSHA1", "/private/x", Sign("GET", "/private/x", [("X-Ca-Signature-Method", "HmacSHA1")])),
            ("digest without a body", "/private/x", Sign("GET", "/private/x", [("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")])),
        ];

        var text = new StringBuilder();
        foreach (var (name, target, headers) in cases)
        {
            var answer = await SendAsync(gateway, "GET", target, headers);
            text.Append(CultureInfo.InvariantCulture, $"{name}: {answer.Status} {answer.Header("X-Ca-Error-Code")} {answer.Header("X-Ca-Error-Message")}\n");
            Assert.Equal((string?)answer.Json["message"], answer.Header("X-Ca-Error-Message"));
        }

        Golden.Matches("app-refusals.txt", text.ToString());
        Assert.DoesNotContain("canary", text.ToString(), StringComparison.Ordinal);
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("caller refused with A403IS; AppKey 60022326, app fcApp", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Log.Lines, static line => line.Contains("canary", StringComparison.Ordinal));
    }

    private static Task<RunningGateway> StartAsync(LoopbackServer backend)
        => RunningGateway.StartSectionAsync(Section.Replace("{{address}}", backend.Address, StringComparison.Ordinal));

    private static async Task<HttpResponseMessage> PostAsync(RunningGateway gateway, IReadOnlyList<(string Name, string Value)> headers, byte[] body, bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/private/x") { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = isChunked;
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value) || request.Content.Headers.TryAddWithoutValidation(name, value));
        }

        return await gateway.Client.SendAsync(request);
    }

    private static Task<RawAnswer> SendAsync(RunningGateway gateway, string method, string target, IReadOnlyList<(string Name, string Value)> headers)
        => RawHttp.SendAsync(gateway.Address, $"{method} {target} HTTP/1.1\r\nHost: x\r\n{string.Concat(headers.Select(static header => $"{header.Name}: {header.Value}\r\n"))}\r\n");

    /// <summary>The headers with those that sign them, as a client would send them.</summary>
    private static List<(string Name, string Value)> Sign(
        string method, string target, IReadOnlyList<(string Name, string Value)> headers, string form = "", string key = Key, string secret = Secret, string? nonce = null, DateTimeOffset? at = null)
    {
        List<(string Name, string Value)> all = [.. headers, ("X-Ca-Key", key), ("X-Ca-Timestamp", (at ?? DateTimeOffset.UtcNow).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))];
        if (nonce is not null)
        {
            all.Add(("X-Ca-Nonce", nonce));
        }

        all.Add(("X-Ca-Signature-Headers", nonce is null ? "X-Ca-Key,X-Ca-Timestamp" : "X-Ca-Key,X-Ca-Timestamp,X-Ca-Nonce"));
        var context = new DefaultHttpContext();
        Assert.True(RequestTarget.TryParse(target, out var parsed));
        context.Features.Set(new GatewayFeature { RequestId = "", Target = parsed });
        context.Request.Method = method;
        foreach (var (name, value) in all)
        {
            context.Request.Headers[name] = value;
        }

        all.Add(("X-Ca-Signature", RequestSigner.Sign(RequestSigner.StringToSign(context, Encoding.UTF8.GetBytes(form)), secret, SignatureMethod.HmacSHA256)));
        return all;
    }
}
