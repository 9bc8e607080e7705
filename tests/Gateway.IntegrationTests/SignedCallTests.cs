using System.Security.Cryptography;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests;

/// <summary>Backends with <c>Credentials</c>: the whole chain of handlers of the running program, from the client to the function service.</summary>
public class SignedCallTests
{
    private const string Credentials = """ "Credentials": { "AccessKeyId": "testid", "AccessKeySecret": "testsecret" } """;

    [Fact]
    public async Task EventFunction_WithCredentials_IsCalledSigned()
    {
        var seen = new TaskCompletionSource<(Dictionary<string, string> Headers, byte[] Body)>();
        await using var service = await LoopbackServer.StartAsync(async context =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            seen.TrySetResult((context.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
            await context.Response.WriteAsync("""{"statusCode":200,"body":"signed"}""");
        });
        await using var gateway = await StartAsync("EventFunction", service);

        Assert.Equal("signed", await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/a?b=c")));

        var (headers, bytes) = await seen.Task;
        Assert.StartsWith("ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=content-type;host;x-acs-action;", headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), headers["x-acs-content-sha256"]);
        Assert.Equal("application/octet-stream", headers["Content-Type"]);
    }

    [Fact]
    public async Task WebFunction_WithCredentials_IsCalledSigned()
    {
        await using var trigger = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync(context.Request.Headers.Authorization.ToString()));
        await using var gateway = await StartAsync("WebFunction", trigger);

        var authorization = await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/a?b=c"));

        Assert.StartsWith("ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=x-acs-date;x-acs-security-token,Signature=", authorization, StringComparison.Ordinal);
    }

    private static Task<RunningGateway> StartAsync(string type, LoopbackServer function)
        => RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "signed": { "Type": "{{type}}", "Address": "{{function.Address}}", {{Credentials}} } },
              "Groups": { "g": { "Apis": { "all": { "Path": "/*", "Backend": "signed", "Auth": "None" } } } }
            }
            """);
}
