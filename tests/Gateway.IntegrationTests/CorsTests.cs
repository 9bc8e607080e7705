using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests;

/// <summary>Browsers before the gateway: preflights, marked answers, and errors that a page can read.</summary>
public class CorsTests
{
    private const string Page = "https://app.example.com";

    private static Task<RunningGateway> StartAsync(string web = "http://127.0.0.1:1") => RunningGateway.StartSectionAsync($$"""
        {
          "Apps": { "app": { "AppCodes": [ "0123456789abcdef0123456789abcdef" ] } },
          "Backends": {
            "mock": { "Type": "Mock", "Body": "mock", "Headers": { "Access-Control-Allow-Origin": "https://backend.example", "Access-Control-Allow-Methods": "TRACE", "Vary": "Accept" } },
            "web": { "Type": "WebFunction", "Address": "{{web}}" },
            "echo": { "Type": "EventFunction" }
          },
          "Policies": {
            "pages": { "Type": "Cors", "AllowOrigins": [ "{{Page}}", "https://*.example.org" ], "AllowMethods": [ "GET", "POST" ], "AllowHeaders": [ "X-Ca-Key" ], "AllowCredentials": true, "MaxAge": "10m" },
            "any": { "Type": "Cors", "AllowHeaders": [ "*" ] },
            "nobody": { "Type": "IpAccess", "Deny": [ "0.0.0.0/0", "::/0" ] },
            "once": { "Type": "Throttling", "Unit": "Day", "PerApi": 1 }
          },
          "Groups": {
            "g": {
              "Apis": {
                "mock": { "Path": "/mock", "Methods": [ "GET" ], "Backend": "mock", "Auth": "None", "Policies": { "Cors": "pages" } },
                "web": { "Path": "/web", "Methods": [ "GET" ], "Backend": "web", "Auth": "None", "Policies": { "Cors": "pages" } },
                "event": { "Path": "/event", "Methods": [ "GET" ], "Backend": "echo", "Auth": "None", "Policies": { "Cors": "any" } },
                "private": { "Path": "/private", "Methods": [ "POST" ], "Backend": "mock", "Auth": "App", "Apps": { "app": {} }, "Policies": { "Cors": "pages", "Throttling": "once" } },
                "denied": { "Path": "/denied", "Methods": [ "GET" ], "Backend": "mock", "Auth": "None", "Policies": { "Cors": "pages", "IpAccess": "nobody" } },
                "once": { "Path": "/once", "Methods": [ "GET" ], "Backend": "mock", "Auth": "None", "Policies": { "Cors": "pages", "Throttling": "once" } },
                "small": { "Path": "/small", "Methods": [ "POST" ], "Backend": "mock", "Auth": "None", "MaxRequestBody": "1B", "Policies": { "Cors": "pages" } },
                "plain": { "Path": "/plain", "Methods": [ "GET" ], "Backend": "mock", "Auth": "None" },
                "plain-options": { "Path": "/plain", "Methods": [ "OPTIONS" ], "Backend": "echo", "Auth": "None" },
                "rest-plain": { "Path": "/rest/plain", "Methods": [ "GET", "PUT" ], "Backend": "mock", "Auth": "None" },
                "rest": { "Path": "/rest/*", "Backend": "echo", "Auth": "None", "Policies": { "Cors": "pages" } }
              }
            }
          }
        }
        """);

    private static Task<RawAnswer> SendAsync(RunningGateway gateway, string method, string path, string headers)
        => RawHttp.SendAsync(gateway.Address, $"{method} {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");

    private static Task<RawAnswer> PreflightAsync(RunningGateway gateway, string path, string asked, string origin = Page)
        => SendAsync(gateway, "OPTIONS", path, $"Origin: {origin}\r\nAccess-Control-Request-Method: {asked}\r\nAccess-Control-Request-Headers: x-ca-key,x-more\r\n");

    private static string[] All(RawAnswer answer, string name)
        => [.. answer.Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(static header => header.Value)];

    [Fact]
    public async Task Preflight_OfAnApiThatNeedsCredentials_IsAnsweredWithoutThem_AndNotCounted()
    {
        await using var gateway = await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            var answer = await PreflightAsync(gateway, "/private", "POST");

            Assert.Equal((204, ""), (answer.Status, answer.Body));
            Assert.Equal([Page], All(answer, "Access-Control-Allow-Origin"));
            Assert.Equal(["GET, POST"], All(answer, "Access-Control-Allow-Methods"));
            Assert.Equal(["X-Ca-Key"], All(answer, "Access-Control-Allow-Headers"));
            Assert.Equal(["true"], All(answer, "Access-Control-Allow-Credentials"));
            Assert.Equal(["600"], All(answer, "Access-Control-Max-Age"));
            Assert.Equal(["Origin"], All(answer, "Vary"));
            Assert.Empty(All(answer, "Access-Control-Expose-Headers"));
            Assert.Matches("^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$", answer.Header("X-Ca-Request-Id"));
        }
    }

    [Theory]
    [InlineData("/private", "POST", "https://evil.example", 403, "A403CO")]
    [InlineData("/private", "POST", "null", 403, "A403CO")]
    [InlineData("/private", "POST", "https://example.org", 403, "A403CO")]
    [InlineData("/private", "POST", "https://a.example.org", 204, null)]
    [InlineData("/private", "GET", Page, 404, "I404NF")] // Matched by the method that is asked for.
    [InlineData("/nowhere", "GET", Page, 404, "I404NF")]
    [InlineData("/event", "GET", "null", 204, null)]
    public async Task Preflight_IsJudgedByTheApiItAsksAbout(string path, string asked, string origin, int status, string? code)
    {
        await using var gateway = await StartAsync();

        var answer = await PreflightAsync(gateway, path, asked, origin);

        Assert.Equal((status, code), (answer.Status, answer.Header("X-Ca-Error-Code")));
        Assert.Equal(status == 204, answer.Header("Access-Control-Allow-Origin") is not null);
    }

    [Fact]
    public async Task Preflight_WhereAnyHeaderMayBeSent_GetsBackWhatItAsksFor()
    {
        await using var gateway = await StartAsync();

        var answer = await PreflightAsync(gateway, "/event", "GET");

        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("x-ca-key,x-more", answer.Header("Access-Control-Allow-Headers"));
    }

    [Fact]
    public async Task Options_OfAnApiWithoutAPolicy_PassesThrough()
    {
        await using var gateway = await StartAsync();

        var preflight = await PreflightAsync(gateway, "/plain", "GET");
        var answer = await SendAsync(gateway, "GET", "/plain", $"Origin: {Page}\r\n");

        Assert.Equal((200, "OPTIONS"), (preflight.Status, (string?)preflight.Json["httpMethod"]));
        Assert.Null(preflight.Header("Access-Control-Allow-Origin"));
        Assert.Equal("https://backend.example", answer.Header("Access-Control-Allow-Origin"));
    }

    /// <summary>Another API that takes OPTIONS at the path may not allow what the one that is asked about has not.</summary>
    [Fact]
    public async Task Preflight_OfAnApiWithoutAPolicy_IsNotAnsweredByThatOfAnother()
    {
        await using var gateway = await StartAsync();

        var answer = await PreflightAsync(gateway, "/rest/plain", "PUT");
        var other = await PreflightAsync(gateway, "/rest/other", "POST");

        Assert.Equal((200, "OPTIONS"), (answer.Status, (string?)answer.Json["httpMethod"]));
        Assert.Empty(All(answer, "Access-Control-Allow-Methods"));
        Assert.Empty(All(answer, "Access-Control-Allow-Headers"));
        Assert.Equal((204, "GET, POST"), (other.Status, other.Header("Access-Control-Allow-Methods")));
    }

    [Theory]
    [InlineData("GET", "/mock", "", 200, null)]
    [InlineData("POST", "/private", "", 400, "A400MA")]
    [InlineData("POST", "/small", "Content-Length: 2\r\n", 413, "I413RL")]
    [InlineData("GET", "/web", "", 504, "D504CO")]
    public async Task Answer_OfAnyKind_CanBeReadByThePage(string method, string path, string headers, int status, string? code)
    {
        await using var gateway = await StartAsync();

        var answer = await SendAsync(gateway, method, path, $"Origin: {Page}\r\n{headers}");
        var foreign = await SendAsync(gateway, method, path, $"Origin: https://evil.example\r\n{headers}");
        var direct = await SendAsync(gateway, method, path, headers);

        Assert.All([answer, foreign, direct], one => Assert.Equal((status, code), (one.Status, one.Header("X-Ca-Error-Code"))));
        Assert.Equal([Page], All(answer, "Access-Control-Allow-Origin"));
        Assert.Equal(["true"], All(answer, "Access-Control-Allow-Credentials"));
        Assert.Equal(["X-Ca-Request-Id, X-Ca-Error-Code, X-Ca-Error-Message"], All(answer, "Access-Control-Expose-Headers"));
        Assert.Empty(All(answer, "Access-Control-Allow-Methods"));
        Assert.All([foreign, direct], static one => Assert.DoesNotContain(one.Headers, static header => header.Name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)));
        Assert.All([answer, foreign, direct], one => Assert.Equal(path == "/mock" ? ["Accept", "Origin"] : ["Origin"], All(one, "Vary")));
    }

    [Fact]
    public async Task Refusals_ByThePoliciesBehind_CanBeReadByThePage()
    {
        await using var gateway = await StartAsync();
        await SendAsync(gateway, "GET", "/once", "");

        var throttled = await SendAsync(gateway, "GET", "/once", $"Origin: {Page}\r\n");

        Assert.Equal((429, "T429PA", Page), (throttled.Status, throttled.Header("X-Ca-Error-Code"), throttled.Header("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Backend_WithHeadersOfItsOwn_IsOverruled()
    {
        await using var backend = await LoopbackServer.StartAsync(static context =>
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.Headers.AccessControlExposeHeaders = "X-Backend";
            context.Response.Headers.AccessControlMaxAge = "5";
            context.Response.Headers.Vary = "Accept-Encoding, Origin";
            return context.Response.WriteAsync("web");
        });
        await using var gateway = await StartAsync(backend.Address);

        var answer = await SendAsync(gateway, "GET", "/web", $"Origin: {Page}\r\n");

        Assert.Equal((200, "web"), (answer.Status, answer.Body));
        Assert.Equal([Page], All(answer, "Access-Control-Allow-Origin"));
        Assert.Equal(["X-Ca-Request-Id, X-Ca-Error-Code, X-Ca-Error-Message"], All(answer, "Access-Control-Expose-Headers"));
        Assert.Empty(All(answer, "Access-Control-Max-Age"));
        Assert.Equal(["Accept-Encoding, Origin"], All(answer, "Vary"));
    }

    [Fact]
    public async Task EventFunction_AnswersAPage()
    {
        await using var gateway = await StartAsync();

        var answer = await SendAsync(gateway, "GET", "/event", "Origin: null\r\n");

        Assert.Equal((200, "*"), (answer.Status, answer.Header("Access-Control-Allow-Origin")));
        Assert.Empty(All(answer, "Vary"));
        Assert.Null((await SendAsync(gateway, "GET", "/event", "")).Header("Access-Control-Allow-Origin"));
    }
}
