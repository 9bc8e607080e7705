using System.Net;
using System.Text.Json;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using static Gateway.IntegrationTests.WebFunctions;

namespace Gateway.IntegrationTests;

/// <summary>Web functions: method, path and query reach them as the client sent them.</summary>
public class WebFunctionTargetTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a/b/")]
    [InlineData("/a%20b?c=%20+d")]
    [InlineData("/%61%41?%61=%41")]
    [InlineData("/caf%C3%A9/%e4%b8%ad?q=%E4")]
    [InlineData("/a;b=c,d/@:!$'()*~-_.?&&a=1&a=2&=&b=?/x")]
    [InlineData("/a?")]
    [InlineData("/a%2525b?x=%2525")]
    [InlineData("/a|b\"<>^`{}?[]|\"<>^`{}")]
    public async Task Target_OnTheWire_ReachesTheFunctionByteForByte(string target)
    {
        await using var function = await LoopbackServer.StartAsync(EchoHeadAsync);
        await using var gateway = await StartAsync(function);

        var answer = await RawHttp.SendAsync(gateway.Address, $"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(200, answer.Status);
        Assert.Equal(target, (string?)answer.Json["target"]);
    }

    [Fact]
    public async Task Target_InAbsoluteForm_LosesSchemeAndAuthority()
    {
        await using var function = await LoopbackServer.StartAsync(EchoHeadAsync);
        await using var gateway = await StartAsync(function);

        var answer = await RawHttp.SendAsync(gateway.Address, "GET http://example.com/a%2Eb?c HTTP/1.1\r\nHost: example.com\r\n\r\n");

        Assert.Equal("/a%2Eb?c", (string?)answer.Json["target"]);
    }

    [Theory]
    [InlineData("/shop/[id]/*", "/v2/items/[id]/x/*", "/shop/4%202/a%20b/c/?q=1", "/v2/items/4%202/x/a%20b/c/?q=1")]
    [InlineData("/shop/*", "/*", "/shop/", "/")]
    [InlineData("/shop/*", "/fixed", "/shop/a?b", "/fixed?b")]
    [InlineData("/shop/[id]", "/v1:get/caf%C3%A9/[id]", "/shop/1", "/v1:get/caf%C3%A9/1")]
    public async Task BackendPath_Template_TakesTheRawSegments(string path, string backendPath, string target, string expected)
    {
        await using var function = await LoopbackServer.StartAsync(EchoHeadAsync);
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "web": { "Type": "WebFunction", "Address": "{{function.Address}}" } },
              "Groups": { "g": { "Apis": { "a": { "Path": "{{path}}", "BackendPath": "{{backendPath}}", "Backend": "web", "Auth": "None" } } } }
            }
            """);

        Assert.Equal(expected, (string?)(await gateway.GetJsonAsync(target))["target"]);
    }

    [Fact]
    public async Task BackendMethod_OfARequestWithAnUpgradeHeader_IsSentAllTheSame()
    {
        await using var function = await LoopbackServer.StartAsync(EchoHeadAsync);
        await using var gateway = await StartAsync(function, """, "BackendMethod": "GET" """);

        var answer = await RawHttp.SendAsync(gateway.Address, "DELETE /x HTTP/1.1\r\nHost: x\r\nUpgrade: anything\r\n\r\n");

        Assert.Equal("GET", (string?)answer.Json["method"]);
    }

    /// <summary>HTTP/2 carries in a query what no HTTP/1.1 request line can: it must not come out of the gateway as one.</summary>
    [Theory]
    [InlineData("a b")]
    [InlineData("a HTTP/1.1")]
    [InlineData("a\tb")]
    [InlineData("a\u0001b")]
    [InlineData("a\u007fb")]
    [InlineData("a#b")]
    public async Task Query_ThatNoRequestLineCanCarry_IsRefused(string query)
    {
        await using var function = await LoopbackServer.StartAsync(EchoHeadAsync);
        await using var gateway = await RunningGateway.StartSectionAsync(
            $$"""
            {
              "Backends": { "web": { "Type": "WebFunction", "Address": "{{function.Address}}" } },
              "Groups": { "g": { "Apis": { "all": { "Path": "/*", "Backend": "web", "Auth": "None" } } } }
            }
            """,
            extra: """ "Kestrel": { "Endpoints": { "h2": { "Url": "http://127.0.0.1:0", "Protocols": "Http2" } } }""");
        var exact = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{gateway.Address}x?{query}", exact))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("I400RU", response.Headers.GetValues("X-Ca-Error-Code").Single());
    }

    [Fact]
    public async Task EncodedSlash_WhereTheApiAllowsIt_GoesOnUnchanged()
    {
        await using var function = await LoopbackServer.StartAsync(EchoHeadAsync);
        await using var gateway = await StartAsync(function, """, "AllowEncodedSlash": true""");

        var answer = await RawHttp.SendAsync(gateway.Address, "GET /a%2Fb%2fc HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal("/a%2Fb%2fc", (string?)answer.Json["target"]);
    }

    [Fact]
    public async Task SeveralAddresses_RoundRobin_TakeTurns()
    {
        await using var one = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync("one"));
        await using var two = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync("two"));
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "web": { "Type": "WebFunction", "Addresses": [ "{{one.Address}}", "{{two.Address}}" ], "LoadBalancing": "RoundRobin" } },
              "Groups": { "g": { "Apis": { "all": { "Path": "/*", "Backend": "web", "Auth": "None" } } } }
            }
            """);

        var answers = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add(await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/")));
        }

        Assert.Equal(2, answers.Count(static answer => answer == "one"));
        Assert.Equal(2, answers.Count(static answer => answer == "two"));
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("HEAD", null)]
    [InlineData("POST", "application/json")]
    [InlineData("POST", "application/x-www-form-urlencoded")]
    [InlineData("POST", "multipart/form-data; boundary=x")]
    [InlineData("PUT", "application/octet-stream")]
    [InlineData("PATCH", "application/merge-patch+json")]
    [InlineData("DELETE", null)]
    [InlineData("OPTIONS", null)]
    public async Task Demo_EveryMethod_ReachesBothKindsOfFunction(string method, string? contentType)
    {
        await using var gateway = await RunningGateway.StartDemoAsync();
        var bytes = Enumerable.Range(0, 256).Select(static i => (byte)i).ToArray();
        foreach (var path in new[] { "/web/x?q=1", "/event/x?q=1" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(gateway.Address, path));
            if (contentType is not null)
            {
                request.Content = new ByteArrayContent(contentType.Contains("form-urlencoded", StringComparison.Ordinal) ? "a=1&b=%20"u8.ToArray() : bytes);
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            }

            using var response = await gateway.Client.SendAsync(request);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var body = await response.Content.ReadAsStringAsync();
            if (method == "HEAD")
            {
                Assert.Empty(body);
                continue;
            }

            using var echoed = JsonDocument.Parse(body);
            Assert.Equal(method, echoed.RootElement.GetProperty(path.StartsWith("/web", StringComparison.Ordinal) ? "method" : "httpMethod").GetString());
            if (path.StartsWith("/event", StringComparison.Ordinal) && contentType is not null)
            {
                var isForm = contentType.Contains("urlencoded", StringComparison.Ordinal);
                Assert.Equal(!isForm, echoed.RootElement.GetProperty("isBase64Encoded").GetBoolean());
                Assert.Equal(isForm ? "a=1&b=%20" : Convert.ToBase64String(bytes), echoed.RootElement.GetProperty("body").GetString());
            }
        }
    }
}
