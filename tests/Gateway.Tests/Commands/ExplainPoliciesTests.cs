using System.Globalization;
using Gateway.Commands;
using Gateway.Commands.Requests;
using Gateway.Commands.Signing;
using Gateway.Policies.Authentication;
using Gateway.TestSupport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Commands;

/// <summary>The verb for APIs with policies: which are asked, which refuses, and what to do.</summary>
public class ExplainPoliciesTests
{
    private const string Secret = "canary-0123456789";
    private const string AppCode = "c0de-canary-0123456789";

    private static readonly string Configuration = $$"""
        {
          "Gateway": {
            "Apps": {
              "fcApp": { "AppKey": "60022326", "AppSecret": "{{Secret}}", "AppCodes": [ "{{AppCode}}" ] },
              "other": { "AppKey": "60022327", "AppSecret": "another-canary" },
              "off": { "Enabled": false, "AppKey": "60022328", "AppSecret": "third-canary" }
            },
            "Backends": { "web": { "Type": "WebFunction", "Address": "http://web.internal:9000" } },
            "Policies": {
              "office": { "Type": "IpAccess", "Allow": [ "10.0.0.0/8", "127.0.0.1" ], "Deny": [ "10.6.6.6" ] },
              "standard": { "Type": "Throttling", "Unit": "Minute", "PerApi": 1000, "PerApp": 100, "PerIp": 60, "Apps": { "fcApp": 500 } },
              "pages": { "Type": "Cors", "AllowOrigins": [ "https://app.example.com" ] }
            },
            "Groups": {
              "shop": {
                "Policies": { "IpAccess": "office", "Throttling": "standard", "Cors": "pages" },
                "Apis": {
                  "private": { "Path": "/private/*", "Backend": "web", "Auth": "App", "AppCode": "HeaderOrQuery", "Apps": { "fcApp": {} }, "Concurrency": 10 }
                }
              }
            }
          }
        }
        """;

    [Theory]
    [InlineData("policies-appcode.txt", 0, "http://localhost/private/a?AppCode=" + AppCode + "&x=1")]
    [InlineData("policies-appcode-header.txt", 0, "http://localhost/private/a", "-H", "Authorization:APPCODE " + AppCode)]
    [InlineData("policies-no-credentials.txt", 1, "http://localhost/private/a")]
    [InlineData("policies-unknown-appcode.txt", 1, "http://localhost/private/a", "-H", "Authorization: APPCODE not-that-one")]
    [InlineData("policies-address.txt", 1, "http://localhost/private/a", "--from", "10.6.6.6", "-H", "X-Forwarded-For: 10.1.1.1")]
    [InlineData("policies-preflight.txt", 0, "OPTIONS", "http://localhost/private/a", "-H", "Origin: https://app.example.com", "-H", "Access-Control-Request-Method: GET")]
    public async Task Explain_OfARequest_IsGolden(string file, int exitCode, params string[] args)
    {
        var (code, output, _) = await Explaining.RunAsync(Configuration, args);

        Golden.Matches(file, output);
        Assert.Equal(exitCode, code);
        Assert.DoesNotContain("canary", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signed_AsItArrives_WouldBeServed()
    {
        var (code, output, _) = await Explaining.RunAsync(Configuration, Sign("http://localhost/private/a?b=1&a=2", "60022326", Secret));

        Assert.Equal(0, code);
        Assert.Contains("passed, app fcApp", output, StringComparison.Ordinal);
        Assert.Contains("gets GET /private/a?b=1&a=2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signed_ByAnAppThatIsNotListed_IsRefusedAfterItsCredentials()
    {
        var (code, output, _) = await Explaining.RunAsync(Configuration, Sign("http://localhost/private/a", "60022327", "another-canary"));

        Assert.Equal(1, code);
        Assert.Contains("The credentials are those of app other.", output, StringComparison.Ordinal);
        Assert.Contains("REFUSED, I403AA", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signed_ByAnAppThatIsOff_IsToldSo()
    {
        var (_, output, _) = await Explaining.RunAsync(Configuration, Sign("http://localhost/private/a", "60022328", "third-canary"));

        Assert.Contains("the AppKey of off, which is disabled here", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signed_WithAnAcceptThatTheClientAdded_HasThatAsItsCause()
    {
        var args = Sign("http://localhost/private/a", "60022326", Secret, "-H", "Accept:"); // Without it here, explain adds curl's own.

        var (code, output, _) = await Explaining.RunAsync(Configuration, args);

        Assert.Equal(1, code);
        Assert.Contains("Cause: with an empty Accept the signature matches.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("16 min ahead of", "would be served", 16 * 60)]
    [InlineData("2 h 5 min behind", "would be served", -7503)]
    [InlineData("400 days behind", "would be served", -400 * 86400)]
    public async Task Signed_WithAClockThatIsWrong_IsToldByHowMuch(string skew, string otherwise, int seconds)
    {
        var timestamp = (Explaining.Now + (seconds * 1000L)).ToString(CultureInfo.InvariantCulture);

        var (code, output, _) = await Explaining.RunAsync(Configuration, Sign("http://localhost/private/a", "60022326", Secret, "-H", $"X-Ca-Timestamp: {timestamp}"));

        Assert.Equal(1, code);
        Assert.Contains(skew, output, StringComparison.Ordinal);
        Assert.Contains($"Apart from its age it {otherwise}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signed_OverAnotherBody_IsToldItsDigest()
    {
        var args = Sign("http://localhost/private/a", "60022326", Secret, "-H", "Content-Type: application/json", "-d", "{}");

        var (_, output, _) = await Explaining.RunAsync(Configuration, [.. args[..^1], "{ }"]);

        Assert.Contains("REFUSED, I400I5", output, StringComparison.Ordinal);
        Assert.Contains("Content-MD5 of the body that arrived (3 bytes) is ", output, StringComparison.Ordinal);
    }

    /// <summary>Arguments of <c>explain</c> for a signed request.</summary>
    private static string[] Sign(string url, string key, string secret, params string[] more)
    {
        Assert.True(Invocation.TryParse(["sign", url, .. more], out var invocation, out var problem), problem);
        Assert.True(DescribedRequest.TryCreate(invocation.Request!, out var request, out problem), problem);
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Explaining.Now));
        var signed = RequestSigning.Sign(request, new SigningKey(key, secret, SignatureMethod.HmacSHA256, [], HasNonce: true), time)!.Request;
        return [url, .. signed.Headers.SelectMany(static header => new[] { "-H", $"{header.Key}: {header.Value}" }), .. more.SkipWhile(static arg => arg != "-d")];
    }
}
