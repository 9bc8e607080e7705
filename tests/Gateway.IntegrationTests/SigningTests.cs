using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests;

/// <summary>Backends with an access key get signed calls, and the key never shows.</summary>
public partial class SigningTests
{
    private const string Secret = "canary-access-key-secret";

    [Theory]
    [InlineData("EventFunction", null, "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version")]
    [InlineData("EventFunction", "token", "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version")]
    [InlineData("WebFunction", null, "x-acs-date;x-acs-security-token")]
    [InlineData("WebFunction", "token", "x-acs-date;x-acs-security-token")]
    public async Task Backend_WithCredentials_GetsASignedCall(string type, string? token, string signedHeaders)
    {
        IHeaderDictionary? seen = null;
        byte[] body = [];
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            using var received = new MemoryStream();
            await context.Request.Body.CopyToAsync(received);
            (seen, body) = (new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)), received.ToArray());
            await context.Response.WriteAsync("""{"statusCode":200,"body":"signed"}""");
        });
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": {
                "f": {
                  "Type": "{{type}}", "Address": "{{function.Address}}",
                  "Credentials": { "AccessKeyId": "key-id", "AccessKeySecret": "{{Secret}}", "SecurityToken": {{(token is null ? "null" : $"\"{token}\"")}} }
                }
              },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
            }
            """);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/x?b=1&a=2")) { Content = new StringContent("payload") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer of-the-client");

        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type == "EventFunction" ? "signed" : """{"statusCode":200,"body":"signed"}""", await response.Content.ReadAsStringAsync());
        var match = Authorization().Match(seen!.Authorization.ToString());
        Assert.True(match.Success, seen.Authorization);
        Assert.Equal("key-id", match.Groups["id"].Value);
        Assert.Equal(signedHeaders, match.Groups["headers"].Value);
        Assert.Equal(token ?? "", seen["x-acs-security-token"].ToString());
        if (type == "EventFunction")
        {
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), seen["x-acs-content-sha256"]); // Of what was sent.
            Assert.Equal("application/octet-stream", seen.ContentType);
        }

        Assert.DoesNotContain(gateway.Log.Lines, static line => line.Contains(Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(seen, static header => header.Value.ToString().Contains(Secret, StringComparison.Ordinal));
    }

    [GeneratedRegex("^ACS3-HMAC-SHA256 Credential=(?<id>[^,]*),SignedHeaders=(?<headers>[^,]*),Signature=[0-9a-f]{64}$")]
    private static partial Regex Authorization();
}
