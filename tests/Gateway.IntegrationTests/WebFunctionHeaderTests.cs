using System.Net;
using System.Text.Json.Nodes;
using Gateway.TestSupport;
using static Gateway.IntegrationTests.WebFunctions;

namespace Gateway.IntegrationTests;

/// <summary>Web functions: which headers go on, and which come back.</summary>
public class WebFunctionHeaderTests
{
    [Fact]
    public async Task RequestHeaders_OfAClient_PassButForTheConnectionsOwn()
    {
        await using var function = await LoopbackServer.StartAsync(EchoHeadAsync);
        await using var gateway = await StartAsync(function);

        var answer = await RawHttp.SendAsync(gateway.Address, """
            GET /x HTTP/1.1
            Host: client.example.com
            Connection: X-Hop, x-forwarded-for, X-Ca-Api-Gateway
            Keep-Alive: timeout=5
            X-Hop: 1
            Proxy-Authorization: Basic eA==
            Authorization: Bearer token
            Accept: */*
            Cookie: a=1; b=2
            X-Custom: one
            X-Custom: two
            Content-Type: application/json
            CA_VERSION: 1.1.2
            X_Forwarded_For: 6.6.6.6
            X.Ca.Key: forged
            Content_Length: 5
            x_acs_security_token: forged
            X-Fc-Invocation-Type: Async
            X-Ca-Proxy-Signature: forged
            X-Ca-Api-Gateway: forged
            X-Forwarded-For: 6.6.6.6
            X-Forwarded-Host: evil
            X-Forwarded-Prefix: /evil
            Forwarded: for=6.6.6.6
            X-HTTP-Method-Override: DELETE
            X-Original-URL: /admin
            traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
            X-Utf8: é


            """.ReplaceLineEndings("\r\n").Replace("é", "\xc3\xa9", StringComparison.Ordinal));

        var headers = answer.Json["headers"]!.AsObject().ToDictionary(static pair => pair.Key, static pair => (string)pair.Value!, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(answer.Header("X-Ca-Request-Id"), headers["X-Ca-Api-Gateway"]);
        headers.Remove("X-Ca-Api-Gateway");
        var expected = new Dictionary<string, string>
        {
            ["Accept"] = "*/*",
            ["Authorization"] = "Bearer token",
            ["CA_VERSION"] = "1.1.2",
            ["Content-Length"] = "0",
            ["Content-Type"] = "application/json",
            ["Cookie"] = "a=1; b=2",
            ["Host"] = new Uri(function.Address).Authority,
            ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            ["X-Custom"] = "one, two", // the client joins repeated lines
            ["X-Forwarded-For"] = "127.0.0.1",
            ["X-Forwarded-Host"] = "client.example.com",
            ["X-Forwarded-Proto"] = "http",
            ["X-HTTP-Method-Override"] = "DELETE",
            ["X-Original-URL"] = "/admin",
            ["X-Utf8"] = "é",
        };
        Assert.Equal(expected.OrderBy(static pair => pair.Key, StringComparer.OrdinalIgnoreCase), headers.OrderBy(static pair => pair.Key, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Not what we want, but what Kestrel leaves to us: it forgets the other names beside keep-alive, close or upgrade.</summary>
    [Theory]
    [InlineData("X-Hop", false)]
    [InlineData("other, X-Hop", false)]
    [InlineData("keep-alive, X-Hop", true)]
    public async Task RequestHeaders_NamedByConnection_AreDroppedUnlessKestrelForgotThem(string connection, bool passes)
    {
        await using var function = await LoopbackServer.StartAsync(EchoHeadAsync);
        await using var gateway = await StartAsync(function);

        var answer = await RawHttp.SendAsync(gateway.Address, $"GET / HTTP/1.1\r\nHost: x\r\nX-Hop: 1\r\nConnection: {connection}\r\n\r\n");

        Assert.Equal(passes, answer.Json["headers"]!["X-Hop"] is not null);
    }

    [Fact]
    public async Task RequestHeaders_FromATrustedProxy_KeepItsChain()
    {
        await using var function = await LoopbackServer.StartAsync(EchoHeadAsync);
        await using var gateway = await StartAsync(function, gateway: """ "TrustedProxies": [ "127.0.0.0/8" ],""");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/x"));
        request.Headers.Add("X-Forwarded-For", "6.6.6.6, 203.0.113.7, 127.0.0.9");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "evil, public.example.com");
        request.Headers.Add("X-Forwarded-Prefix", "/p");

        using var response = await gateway.Client.SendAsync(request);

        var headers = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["headers"]!;
        Assert.Equal("203.0.113.7, 127.0.0.9, 127.0.0.1", (string?)headers["X-Forwarded-For"]);
        Assert.Equal("https", (string?)headers["X-Forwarded-Proto"]);
        Assert.Equal("public.example.com", (string?)headers["X-Forwarded-Host"]);
        Assert.Equal("/p", (string?)headers["X-Forwarded-Prefix"]);
    }

    [Fact]
    public async Task RequestHeaders_AppCode_NeverReachesTheFunction()
    {
        await using var function = await LoopbackServer.StartAsync(EchoHeadAsync);
        await using var gateway = await StartAsync(function);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/x"));
        request.Headers.TryAddWithoutValidation("Authorization", "appcode  0123456789abcdef");

        using var response = await gateway.Client.SendAsync(request);

        Assert.DoesNotContain("0123456789abcdef", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_WithPreserveHost_IsTheClients()
    {
        await using var function = await LoopbackServer.StartAsync(EchoHeadAsync);
        await using var gateway = await StartAsync(function, backend: """, "PreserveHost": true""");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/x")) { Headers = { Host = "client.example.com:99" } };

        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal("client.example.com:99", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["headers"]!["Host"]);
    }

    [Fact]
    public async Task ResponseHeaders_OfAFunction_PassButForTheConnectionsOwnAndForgedOnes()
    {
        await using var function = await RawServer.StartAsync("""
            HTTP/1.1 418 I am a teapot
            Content-Length: 2
            Connection: close, X-Hop
            X-Hop: 1
            Keep-Alive: timeout=5
            X-Ca-Error-Code: D502FC
            X-Ca-Error-Message: forged
            X-Ca-Request-Id: forged
            X-Ca-Debug-Info: forged
            X-Fc-Request-Id: 1-2-3
            Server: function
            Date: Thu, 01 Jan 2026 00:00:00 GMT
            Set-Cookie: a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT
            Set-Cookie: b=2
            Content-Type: text/plain

            hi
            """);
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "web": { "Type": "WebFunction", "Address": "{{function.Address}}" } },
              "Groups": { "g": { "Apis": { "all": { "Path": "/*", "Backend": "web", "Auth": "None" } } } }
            }
            """);

        var answer = await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(418, answer.Status);
        Assert.Equal("hi", answer.Body);
        Assert.NotEqual("forged", answer.Header("X-Ca-Request-Id"));
        var rest = answer.Headers.Where(static header => header.Name != "X-Ca-Request-Id").Select(static header => $"{header.Name}: {header.Value}").Order();
        Assert.Equal(
            [
                "Content-Length: 2", "Content-Type: text/plain", "Date: Thu, 01 Jan 2026 00:00:00 GMT", "Server: function",
                "Set-Cookie: a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT", "Set-Cookie: b=2", "X-Fc-Request-Id: 1-2-3",
            ],
            rest);
    }

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("HEAD", 200)]
    [InlineData("OPTIONS", 204)]
    [InlineData("DELETE", 404)]
    [InlineData("PURGE", 500)]
    [InlineData("GET", 302)]
    [InlineData("GET", 304)]
    public async Task Status_OfAFunction_PassesUnchangedWithoutACode(string method, int status)
    {
        await using var function = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers["X-Method"] = context.Request.Method;
            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync(function);

        var answer = await RawHttp.SendAsync(gateway.Address, $"{method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.Equal(status, answer.Status);
        Assert.Equal(method, answer.Header("X-Method"));
        Assert.Null(answer.Header("X-Ca-Error-Code"));
        Assert.NotNull(answer.Header("X-Ca-Request-Id"));
    }

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")]
    [InlineData("HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("")]
    public async Task Answer_ThatIsNotHttp_Is502WithItsOwnCode(string raw)
    {
        await using var function = await RawServer.StartExactAsync(raw);
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "web": { "Type": "WebFunction", "Address": "{{function.Address}}" } },
              "Groups": { "g": { "Apis": { "all": { "Path": "/*", "Backend": "web", "Auth": "None" } } } }
            }
            """);

        var answer = await RawHttp.SendAsync(gateway.Address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");

        Assert.Equal(502, answer.Status);
        Assert.Equal("N502RE", answer.Header("X-Ca-Error-Code"));
    }

    [Fact]
    public async Task Trailers_OfAFunction_ReachAnHttp2ClientButForForgedOnes()
    {
        await using var function = await RawServer.StartExactAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 42\r\nX-Ca-Error-Code: forged\r\nX-Ca-Request-Id: forged\r\n\r\n");
        await using var gateway = await RunningGateway.StartSectionAsync(
            $$"""
            {
              "Backends": { "web": { "Type": "WebFunction", "Address": "{{function.Address}}" } },
              "Groups": { "g": { "Apis": { "all": { "Path": "/*", "Backend": "web", "Auth": "None" } } } }
            }
            """,
            extra: """ "Kestrel": { "Endpoints": { "h2": { "Url": "http://127.0.0.1:0", "Protocols": "Http2" } } }""");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/x"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal("hi", await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal(["x-sum: 42"], response.TrailingHeaders.Select(static trailer => $"{trailer.Key}: {trailer.Value.Single()}"));
    }
}
