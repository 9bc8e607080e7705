using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests;

/// <summary>What backends get from the gateway alone: its signature, system parameters, and none of the client's credentials (HM-22).</summary>
public class ProxySignatureTests
{
    private const string Signed = """, "ProxySignature": { "Key": "gateway-1", "Secret": "canary-hunter2" } """;

    /// <summary>Checks the signature as a backend does, from what arrived alone: the decoded parameters, the listed headers.</summary>
    private static async Task VerifyAsync(HttpContext context)
    {
        var request = context.Request;
        var body = await new StreamReader(request.Body).ReadToEndAsync();
        var isForm = request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) is true;
        var text = new StringBuilder($"{request.Method}\n{(isForm ? "" : request.Headers.ContentMD5.ToString())}\n");
        foreach (var name in request.Headers["X-Ca-Proxy-Signature-Headers"].ToString().Split(',').Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name.ToLowerInvariant()}:{request.Headers[name]}\n");
        }

        var form = isForm ? Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(body) : [];
        var fields = request.Query.Concat(form.Where(field => !request.Query.ContainsKey(field.Key))).OrderBy(static field => field.Key, StringComparer.Ordinal).ToList();
        text.Append(request.Path.Value).Append(fields.Count > 0 ? "?" : "").AppendJoin('&', fields.Select(static field => $"{field.Key}={field.Value[0]}"));
        var expected = Convert.ToBase64String(HMACSHA256.HashData("canary-hunter2"u8, Encoding.UTF8.GetBytes(text.ToString())));
        var isRight = request.Headers["X-Ca-Proxy-Signature"] == expected && request.Headers["X-Ca-Proxy-Signature-Secret-Key"] == "gateway-1";
        context.Response.StatusCode = isRight ? 200 : 403;
        await context.Response.WriteAsync($"{request.Headers["X-Ca-Proxy-Signature-Headers"]}|{body}");
    }

    public static TheoryData<string, string, string?, string> Requests => new()
    {
        { "GET", "/items?b=2&a=1&a=0&empty=", null, "" },
        { "POST", "/items?dry=true", "application/json", """{"a":1}""" },
        { "POST", "/items?q=1", "application/x-www-form-urlencoded", "z=1&name=%E6%B5%8B+x&q=form" },
        { "PUT", "/", "application/x-www-form-urlencoded; charset=utf-8", "" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_ToABackendThatVerifies_IsAccepted(string method, string target, string? contentType, string body)
    {
        await using var function = await LoopbackServer.StartAsync(VerifyAsync);
        await using var gateway = await WebFunctions.StartAsync(
            function, """, "SystemParameters": { "CaClientIp": { "Header": "X-Client" }, "CaApiName": { "Query": "api" } } """, Signed);

        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (contentType is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.Add("Content-Type", contentType);
            request.Content.Headers.Add("Content-MD5", "dcvqrZJAKqaMoPgoiRDm1A==");
        }

        request.Headers.Add("X-Ca-Proxy-Signature", "forged");
        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("X-Ca-Api-Gateway,X-Ca-Proxy-Signature-Secret-Key,X-Client,X-Forwarded-For|" + body, await answer.Content.ReadAsStringAsync());
        Assert.DoesNotContain(gateway.Log.Lines, static line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Content-Length: 2097152", 413, "I413RL")]
    [InlineData("Transfer-Encoding: chunked", 400, "I400BD")]
    public async Task Form_ThatCannotBeHeld_IsRefused(string framing, int status, string code)
    {
        await using var function = await LoopbackServer.StartAsync(VerifyAsync);
        await using var gateway = await WebFunctions.StartAsync(function, "", Signed);

        var answer = await RawHttp.SendAsync(
            gateway.Address, $"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n{framing}\r\n\r\nnot a chunk\r\n");

        Assert.Equal((status, code), (answer.Status, answer.Header("X-Ca-Error-Code")));
    }

    /// <summary>A retry goes to another base path, which is part of what is signed.</summary>
    [Fact]
    public async Task Request_AtTheNextAddress_IsSignedAnew()
    {
        using var dead = new DeadAddress();
        await using var function = await LoopbackServer.StartAsync(VerifyAsync);
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "f": { "Type": "WebFunction", "LoadBalancing": "First", "Addresses": [ "{{dead.Address}}", "{{function.Address}}/base" ] {{Signed}} } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
            }
            """);

        using var answer = await gateway.Client.PostAsync(new Uri(gateway.Address, "/x"), new FormUrlEncodedContent([new("a", "1")]));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>A form that was read for its signature is in memory, so it can go out again, whole (TO-11).</summary>
    [Theory]
    [InlineData("PUT", 2)]
    [InlineData("POST", 1)]
    public async Task Form_ThatIsHeld_IsTriedAgainWhole(string method, int expected)
    {
        var bodies = new List<string>();
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            bodies.Add($"{context.Request.ContentLength} {context.Request.ContentType} {await new StreamReader(context.Request.Body).ReadToEndAsync()}");
            context.Response.StatusCode = bodies.Count == 1 ? 503 : 200;
        });
        await using var gateway = await WebFunctions.StartAsync(function, "", Signed + """, "Retry": { "Delay": "1ms" } """);

        using var request = new HttpRequestMessage(new HttpMethod(method), "/") { Content = new FormUrlEncodedContent([new("a", new string('x', 70_000))]) };
        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal((expected == 2 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, expected), (answer.StatusCode, bodies.Count));
        Assert.All(bodies, static body => Assert.Equal("70002 application/x-www-form-urlencoded a=" + new string('x', 70_000), body));
    }

    [Fact]
    public async Task SystemParameters_OfAWebFunction_CannotBeForged()
    {
        await using var function = await LoopbackServer.StartAsync(WebFunctions.EchoHeadAsync);
        await using var gateway = await WebFunctions.StartAsync(
            function,
            """
            , "SystemParameters": {
                "CaClientIp": { "Header": "X-Client" }, "CaHttpSchema": { "Header": "CA_SCHEMA" }, "CaAppId": { "Query": "appId" }, "CaClientUa": { "Query": "ua" }
              }
            """);

        var answer = await RawHttp.SendAsync(
            gateway.Address, "GET /a?x=%2f&appId=forged&APP_ID=other HTTP/1.1\r\nHost: x\r\nUser-Agent: me & you\r\nX_Client: forged\r\nx-client: forged\r\nca-schema: forged\r\n\r\n");

        var echo = JsonDocument.Parse(answer.Body).RootElement;
        var headers = echo.GetProperty("headers");
        Assert.Equal("/a?x=%2f&APP_ID=other&appId=null&ua=me%20%26%20you", echo.GetProperty("target").GetString());
        Assert.Equal(("127.0.0.1", "HTTP"), (headers.GetProperty("X-Client").GetString(), headers.GetProperty("CA_SCHEMA").GetString()));
        Assert.False(headers.TryGetProperty("X_Client", out _) || headers.TryGetProperty("ca-schema", out _));
    }

    [Theory]
    [InlineData("Preserve", "X-Client")]
    [InlineData("Lower", "x-client")]
    public async Task SystemParameters_OfAnEventFunction_StandInTheEvent(string headerCase, string name)
    {
        var payload = "";
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            payload = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await context.Response.WriteAsync("""{"statusCode":200}""");
        });
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "f": { "Type": "EventFunction", "Address": "{{function.Address}}", "EventHeaderCase": "{{headerCase}}", "HideSignature": true } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None", "SystemParameters": { "CaClientIp": { "Header": "X-Client" }, "CaStage": { "Query": "stage" } } } } } }
            }
            """);

        await RawHttp.SendAsync(
            gateway.Address, "GET /a?stage=forged&b=1 HTTP/1.1\r\nHost: x\r\nX-Client: forged\r\nX-Ca-Key: key\r\nX-Ca-Signature: s\r\nX-Ca-Stage: TEST\r\nAuthorization: aPPCODE zyxw\r\n\r\n");

        var json = JsonDocument.Parse(payload).RootElement;
        Assert.Equal("127.0.0.1", json.GetProperty("headers").GetProperty(name).GetString());
        Assert.Equal("""{"b":"1","stage":"TEST"}""", json.GetProperty("queryParameters").GetRawText());
        foreach (var secret in new[] { "forged", "X-Ca-Key", "X-Ca-Signature", "zyxw" })
        {
            Assert.DoesNotContain(secret, payload, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>HM-22: with hiding on, no part of the client's signature reaches the backend; with it off, all of it does.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData(""", "HideSignature": true """, false)]
    public async Task Signature_OfTheClient_ReachesTheBackendUnlessHidden(string option, bool expected)
    {
        await using var function = await LoopbackServer.StartAsync(WebFunctions.EchoHeadAsync);
        await using var gateway = await WebFunctions.StartAsync(function, backend: option);

        string[] names = ["X-Ca-Key", "X-Ca-Signature", "X-Ca-Signature-Headers", "X-Ca-Signature-Method", "X-Ca-Timestamp", "X-Ca-Nonce"];
        var answer = await RawHttp.SendAsync(
            gateway.Address, $"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: AppCode abc\r\n{string.Concat(names.Select(static name => $"{name}: 1\r\n"))}\r\n");

        var headers = JsonDocument.Parse(answer.Body).RootElement.GetProperty("headers");
        Assert.All(names, name => Assert.Equal(expected, headers.TryGetProperty(name, out _)));
        Assert.False(headers.TryGetProperty("Authorization", out _));
    }
}
