using System.Net;
using System.Text.Json.Nodes;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests;

/// <summary>Everything the gateway refuses by itself: code, message, request id and body, whoever noticed first.</summary>
public class RefusalTests
{
    private const string Mock = """
        {
          "Limits": { "Url": "1KB", "Headers": "2KB" },
          "Backends": { "mock": { "Type": "Mock", "Body": "mock" }, "event": { "Type": "EventFunction" }, "web": { "Type": "WebFunction", "Address": "http://127.0.0.1:1" } },
          "Groups": {
            "g": {
              "Apis": {
                "mock": { "Path": "/mock/*", "Backend": "mock", "Auth": "None" },
                "get": { "Path": "/get", "Methods": [ "GET" ], "Backend": "mock", "Auth": "None" },
                "tls": { "Path": "/tls", "Backend": "mock", "Auth": "None", "Protocols": [ "HTTPS" ] },
                "event": { "Path": "/event", "Backend": "echo", "Auth": "None", "MaxRequestBody": "1KB" },
                "web": { "Path": "/web", "Backend": "sink", "Auth": "None", "MaxRequestBody": "1KB" },
                "gone": { "Path": "/gone", "Backend": "web", "Auth": "None" }
              }
            }
          }
        }
        """;

    private static Task<RunningGateway> StartAsync(string sink = "http://127.0.0.1:1")
        => RunningGateway.StartSectionAsync(Mock
            .Replace("\"event\": { \"Type\": \"EventFunction\" }", "\"echo\": { \"Type\": \"EventFunction\" }, \"sink\": { \"Type\": \"WebFunction\", \"Address\": \"" + sink + "\" }", StringComparison.Ordinal));

    /// <summary>The three headers and the problem body agree with each other.</summary>
    private static void AssertRefused(RawAnswer answer, int status, string code)
    {
        Assert.Equal((status, code), (answer.Status, answer.Header("X-Ca-Error-Code")));
        Assert.Equal("application/problem+json", answer.Header("Content-Type"));
        Assert.Matches("^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$", answer.Header("X-Ca-Request-Id"));
        if (answer.Body.Length > 0)
        {
            var body = answer.Json;
            Assert.Equal(["status", "title", "code", "message", "requestId"], body.AsObject().Select(static member => member.Key));
            Assert.Equal(status, (int)body["status"]!);
            Assert.Equal(code, (string?)body["code"]);
            Assert.Equal(answer.Header("X-Ca-Error-Message"), (string?)body["message"]);
            Assert.Equal(answer.Header("X-Ca-Request-Id"), (string?)body["requestId"]);
        }
    }

    [Theory]
    [InlineData("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", 404, "I404NF")]
    [InlineData("POST /get HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 404, "I404NF")]
    [InlineData("HEAD /get HTTP/1.1\r\nHost: x\r\n\r\n", 404, "I404NF")]
    [InlineData("GET /tls HTTP/1.1\r\nHost: x\r\n\r\n", 403, "I403PT")]
    [InlineData("GET /tls HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\n\r\n", 403, "I403PT")]
    [InlineData("GET /mock/../get HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400PA")]
    [InlineData("GET /mock/a%2fb HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400PA")]
    [InlineData("GET /mock/%01 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400PA")]
    [InlineData("GET /mock/# HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400PA")]
    [InlineData("GET /mock/?a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400RU")]
    [InlineData("GET /mock/?a\tb HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400RU")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400RU")]
    [InlineData("CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n", 405, "I405UM")]
    [InlineData("TRACE /mock/ HTTP/1.1\r\nHost: x\r\n\r\n", 405, "I405UM")]
    [InlineData("get /mock/ HTTP/1.1\r\nHost: x\r\n\r\n", 405, "I405UM")]
    [InlineData("Post /mock/ HTTP/1.1\r\nHost: x\r\n\r\n", 405, "I405UM")]
    [InlineData("Head /mock/ HTTP/1.1\r\nHost: x\r\n\r\n", 405, "I405UM")] // No HEAD: its answer has a body.
    [InlineData("GET /mock/ HTTP/1.1\r\nHost: x\r\nX-Ca-Key: 1\r\nX-Ca-Key: 2\r\n\r\n", 400, "I400HD")]
    [InlineData("GET /mock/ HTTP/1.1\r\nHost: x\r\nauthorization: 1\r\nAuthorization: 2\r\n\r\n", 400, "I400HD")]
    [InlineData("GET /mock/ HTTP/1.1\r\nHost: x\r\nA: b\u001b[0mc\r\n\r\n", 400, "I400HD")]
    [InlineData("GET /mock/ HTTP/1.1\r\nHost: x\r\nX-Ca-Stage: nonsense\r\n\r\n", 400, "I400SG")]
    [InlineData("GET /mock/?a\rb HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400RU")]
    [InlineData("GET http://x#/mock/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400RU")]
    [InlineData("POST /web HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "I400HD")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ /mock/ HTTP/1.1\r\nHost: x\r\n\r\n", 405, "I405UM")]
    [InlineData("GET /gone HTTP/1.1\r\nHost: x\r\n\r\n", 504, "D504CO")]
    [InlineData("POST /event HTTP/1.1\r\nHost: x\r\nContent-Length: 1025\r\n\r\n", 413, "I413RL")]
    [InlineData("POST /web HTTP/1.1\r\nHost: x\r\nContent-Length: 1025\r\n\r\n", 413, "I413RL")]
    [InlineData("POST /event HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", 400, "I400BD")]
    public async Task Request_ThatIsRefused_SaysWhy(string request, int status, string code)
    {
        await using var gateway = await StartAsync();

        AssertRefused(await RawHttp.SendAsync(gateway.Address, request), status, code);
    }

    /// <summary>What Kestrel refuses before any middleware runs.</summary>
    [Theory]
    [InlineData("\u0001\u0002garbage\r\n\r\n", 400, "I400RU")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400, "I400HD")] // no Host
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "I400HD")]
    [InlineData("GET /\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400RU")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n: empty\r\n\r\n", 400, "I400HD")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 400, "I400HD")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n", 400, "I400HD")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 123456789012345678901234567890\r\n\r\n", 400, "I400HD")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 400, "I400HD")]
    [InlineData("GET /mock/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400RU")] // the one escape that Kestrel refuses itself
    [InlineData("GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400, "I400RU")]
    [InlineData("GET x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n", 400, "I400RU")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\u00e2\u0080\u00a8X-Injected: 1\r\n\r\n", 400, "I400HD")] // U+2028 in UTF-8
    [InlineData("GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400, "I400RU")]
    public async Task Request_ThatTheServerRefuses_LooksTheSame(string request, int status, string code)
    {
        await using var gateway = await StartAsync();
        await using var neighbour = await StartAsync(); // In the same process, and not to answer as well.

        var answer = await RawHttp.SendAsync(gateway.Address, request);

        AssertRefused(answer, status, code);
        Assert.Equal(
            ["Connection", "Content-Length", "Content-Type", "Date", "X-Ca-Error-Code", "X-Ca-Error-Message", "X-Ca-Request-Id"],
            answer.Headers.Select(static header => header.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>U+2028 counts as the end of a line in .NET; in a header it must end nothing.</summary>
    [Fact]
    public async Task Refusal_ThatQuotesALineSeparator_HasNoLineOfTheClients()
    {
        await using var gateway = await StartAsync();

        var answer = await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: a\u00e2\u0080\u00a8Set-Cookie: b=c\r\n\r\n");

        AssertRefused(answer, 400, "I400HD");
        Assert.Null(answer.Header("Set-Cookie"));
        Assert.Equal("close", answer.Header("Connection"));
        Assert.DoesNotContain(gateway.Log.Lines, static line => line.Contains("Exception", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(70_000)]
    [InlineData(100_000)] // beyond what the server itself takes
    [InlineData(10_000_000)]
    public async Task Url_BeyondTheLimit_Is413HoweverLong(int length)
    {
        await using var gateway = await StartAsync();

        AssertRefused(await RawHttp.SendAsync(gateway.Address, $"GET /mock/{new string('a', length)} HTTP/1.1\r\nHost: x\r\n\r\n"), 413, "I413UL");
    }

    [Theory]
    [InlineData(3_000)]
    [InlineData(150_000)]
    [InlineData(200_000)]
    [InlineData(10_000_000)]
    public async Task Headers_BeyondTheLimit_Are431HoweverLong(int length)
    {
        await using var gateway = await StartAsync();

        AssertRefused(await RawHttp.SendAsync(gateway.Address, $"GET /mock/ HTTP/1.1\r\nHost: x\r\nA: {new string('a', length)}\r\n\r\n"), 431, "I431HD");
    }

    [Theory]
    [InlineData("/event")]
    [InlineData("/web")]
    public async Task ChunkedBody_BeyondTheLimit_Is413(string path)
    {
        await using var sink = await LoopbackServer.StartAsync(static async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("read");
        });
        await using var gateway = await StartAsync(sink.Address);

        var answer = await RawHttp.SendAsync(
            gateway.Address, $"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n{new string('a', 0x800)}\r\n0\r\n\r\n");

        AssertRefused(answer, 413, "I413RL");
    }

    [Fact]
    public async Task Refusal_OfOneRequest_LeavesTheConnectionOpen()
    {
        await using var gateway = await StartAsync();
        using var first = await gateway.Client.GetAsync(new Uri(gateway.Address, "/nothing"));
        using var second = await gateway.Client.GetAsync(new Uri(gateway.Address, "/mock/"));

        Assert.Equal(HttpStatusCode.NotFound, first.StatusCode);
        Assert.Null(first.Headers.ConnectionClose);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task Message_WithTextBeyondAscii_IsSentAsUtf8()
    {
        await using var function = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync("""{"statusCode":"zwölf"}"""));
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "f": { "Type": "EventFunction", "Address": "{{function.Address}}" } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
            }
            """);

        var answer = await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        AssertRefused(answer, 502, "D502FC");
        Assert.Contains("zwölf", answer.Header("X-Ca-Error-Message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ThatNoGroupTakes_Is404()
    {
        await using var gateway = await RunningGateway.StartSectionAsync("""
            {
              "Backends": { "mock": { "Type": "Mock" } },
              "Groups": { "g": { "Hosts": [ "only.example.com" ], "Apis": { "a": { "Path": "/*", "Backend": "mock", "Auth": "None" } } } }
            }
            """);

        AssertRefused(await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: other.example.com:99\r\n\r\n"), 404, "I404DO");
    }

    [Fact]
    public async Task Errors_WithEmptyBodyAndOtherStatus_FollowTheOperator()
    {
        await using var gateway = await RunningGateway.StartSectionAsync("""
            {
              "Errors": { "Body": "Empty", "Status": { "I404NF": 401 } },
              "Backends": { "mock": { "Type": "Mock" } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/a", "Backend": "mock", "Auth": "None" } } } }
            }
            """);

        var answer = await RawHttp.SendAsync(gateway.Address, "GET /b HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(401, answer.Status);
        Assert.Equal("APPCODE", answer.Header("WWW-Authenticate"));
        Assert.Equal("I404NF", answer.Header("X-Ca-Error-Code"));
        Assert.Equal("0", answer.Header("Content-Length"));
        Assert.Empty(answer.Body);
    }

    [Theory]
    [InlineData("Development", "TEST", 200)]
    [InlineData("Development", "release", 200)]
    [InlineData("Test", "TEST", 200)]
    [InlineData("Test", "test", 200)]
    [InlineData("Test", null, 200)]
    [InlineData("Test", "RELEASE", 404)]
    [InlineData("Test", "PRE", 404)]
    [InlineData("Test", "", 400)]
    [InlineData("Test", "STAGING", 400)]
    public async Task Stage_OfTheRequest_IsServedHereOrRefused(string environment, string? stage, int status)
    {
        await using var gateway = await RunningGateway.StartSectionAsync(
            """
            {
              "Backends": { "mock": { "Type": "Mock" } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "mock", "Auth": "None" } } } }
            }
            """,
            environment);

        var header = stage is null ? "" : $"X-Ca-Stage: {stage}\r\n";
        var answer = await RawHttp.SendAsync(gateway.Address, $"GET / HTTP/1.1\r\nHost: x\r\n{header}\r\n");

        Assert.Equal(status, answer.Status);
        Assert.Equal(status switch { 200 => null, 400 => "I400SG", _ => "I404NF" }, answer.Header("X-Ca-Error-Code"));
    }

    [Fact]
    public async Task DebugMode_OnAnyAnswer_TellsTheLatencies()
    {
        await using var gateway = await StartAsync();
        foreach (var path in new[] { "/mock/", "/nothing", "/event" })
        {
            var answer = await RawHttp.SendAsync(gateway.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\nX-Ca-Request-Mode: DEBUG\r\n\r\n");

            var info = JsonNode.Parse(answer.Header("X-Ca-Debug-Info")!)!;
            Assert.InRange((int)info["ServiceLatency"]!, 0, (int)info["TotalLatency"]!);
        }

        Assert.Null((await RawHttp.SendAsync(gateway.Address, "GET /mock/ HTTP/1.1\r\nHost: x\r\n\r\n")).Header("X-Ca-Debug-Info"));
    }

    [Fact]
    public async Task BackendName_ThatDoesNotResolve_Is504WithoutTheName()
    {
        await using var gateway = await RunningGateway.StartSectionAsync("""
            {
              "Backends": { "web": { "Type": "WebFunction", "Address": "http://does-not-exist.invalid" }, "event": { "Type": "EventFunction", "Address": "http://does-not-exist.invalid" } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/web", "Backend": "web", "Auth": "None" }, "b": { "Path": "/event", "Backend": "event", "Auth": "None" } } } }
            }
            """);

        foreach (var path in new[] { "/web", "/event" })
        {
            var answer = await RawHttp.SendAsync(gateway.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");

            AssertRefused(answer, 504, "D504RE");
            Assert.Equal($"Backend domain `{path[1..]}` resolve failed", answer.Header("X-Ca-Error-Message"));
            Assert.DoesNotContain("does-not-exist", answer.Body, StringComparison.Ordinal);
        }
    }
}
