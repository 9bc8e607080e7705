using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.IntegrationTests;

/// <summary>Web functions: what reaches them is what the client sent, and what they answer is what the client gets.</summary>
public class WebFunctionTests
{
    /// <summary>Answers method, raw target and header lines as JSON.</summary>
    private static Task EchoHeadAsync(HttpContext context) => context.Response.WriteAsJsonAsync(new
    {
        method = context.Request.Method,
        target = context.Features.Get<IHttpRequestFeature>()!.RawTarget,
        headers = context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString()),
    });

    private static Task<RunningGateway> StartAsync(LoopbackServer function, string api = "", string backend = "", string gateway = "")
        => RunningGateway.StartSectionAsync($$"""
            {
              {{gateway}}
              "Backends": { "web": { "Type": "WebFunction", "Address": "{{function.Address}}" {{backend}} } },
              "Groups": { "g": { "Apis": { "all": { "Path": "/*", "Backend": "web", "Auth": "None" {{api}} } } } }
            }
            """);

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
    public async Task Upload_OfManyMegabytes_StreamsWithoutBeingHeld()
    {
        const int length = 64 << 20;
        var firstByteSeen = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            var block = new byte[64 * 1024];
            long total = 0;
            for (int count; (count = await context.Request.Body.ReadAsync(block)) > 0; total += count)
            {
                firstByteSeen.TrySetResult();
            }

            await context.Response.WriteAsync(total.ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
        await using var gateway = await StartAsync(function, """, "MaxRequestBody": "1GB" """);
        using var content = new GatedContent(length, firstByteSeen.Task);

        using var response = await gateway.Client.PostAsync(new Uri(gateway.Address, "/up"), content);

        Assert.Equal(length.ToString(System.Globalization.CultureInfo.InvariantCulture), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ServerSentEvents_EachArrivesWhenItIsSent()
    {
        var next = new SemaphoreSlim(0);
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 3; i++)
            {
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
                await next.WaitAsync(context.RequestAborted);
            }
        });
        await using var gateway = await StartAsync(function);

        using var response = await gateway.Client.GetAsync(new Uri(gateway.Address, "/sse"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        for (var i = 0; i < 3; i++)
        {
            // The function sends no further event before this one has been read: had the gateway held it back, this would wait for ever.
            Assert.Equal($"data: {i}", await reader.ReadLineAsync());
            Assert.Equal("", await reader.ReadLineAsync());
            next.Release();
        }

        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task WebSocket_ThroughTheDemo_EchoesBothKindsAndCloses()
    {
        await using var gateway = await RunningGateway.StartDemoAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Address.Port}/web/ws"), CancellationToken.None);

        foreach (var type in new[] { WebSocketMessageType.Text, WebSocketMessageType.Binary })
        {
            var sent = Encoding.UTF8.GetBytes("hello");
            await socket.SendAsync(sent, type, endOfMessage: true, CancellationToken.None);
            var received = new byte[64];
            var result = await socket.ReceiveAsync(received, CancellationToken.None);
            Assert.Equal(type, result.MessageType);
            Assert.Equal("hello", Encoding.UTF8.GetString(received, 0, result.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task WebSocket_OfAnHttp2Client_ReachesAnHttp1Function()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(
            """
            {
              "Backends": { "web-echo": { "Type": "WebFunction" } },
              "Groups": { "g": { "Apis": { "ws": { "Path": "/*", "Methods": [ "GET" ], "Backend": "web-echo", "Auth": "None" } } } }
            }
            """,
            extra: """ "Kestrel": { "Endpoints": { "h2": { "Url": "http://127.0.0.1:0", "Protocols": "Http2" } } }""");
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Address.Port}/web/ws"), gateway.Client, CancellationToken.None);

        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var received = new byte[64];
        var result = await socket.ReceiveAsync(received, CancellationToken.None);

        Assert.Equal("hello", Encoding.UTF8.GetString(received, 0, result.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
    }

    [Fact]
    public async Task EarlyRefusal_OfAnUploadTheFunctionDoesNotRead_ReachesTheClient()
    {
        await using var function = await LoopbackServer.StartAsync(static context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("who are you");
        });
        await using var gateway = await StartAsync(function);
        using var content = new ByteArrayContent(new byte[4 << 20]);

        using var response = await gateway.Client.PostAsync(new Uri(gateway.Address, "/up"), content);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("who are you", await response.Content.ReadAsStringAsync());
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

    /// <summary>A body whose second half is only sent once the function has seen the first byte.</summary>
    private sealed class GatedContent(int length, Task gate) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[64 * 1024];
            for (var sent = 0; sent < length; sent += block.Length)
            {
                if (sent >= length / 2)
                {
                    await gate;
                }

                await stream.WriteAsync(block);
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
