using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>Client, Kestrel, YARP, transforms, handler, and a function on another Kestrel.</summary>
public sealed class EventEndToEndTests
{
    private static readonly EventFunctionOptions CustomRuntime = new() { Invoke = InvokeProtocol.CustomRuntime };

    /// <summary>For what shall happen, on a busy machine too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Also the guard of every YARP update: it must go on to let a handler install the content that a transform may not.</summary>
    [Theory]
    [InlineData("GET", InvokeProtocol.FunctionCompute, "/2023-03-30/functions/hello%20world/invocations?qualifier=LATEST")]
    [InlineData("POST", InvokeProtocol.FunctionCompute, "/2023-03-30/functions/hello%20world/invocations?qualifier=LATEST")]
    [InlineData("DELETE", InvokeProtocol.FunctionCompute, "/2023-03-30/functions/hello%20world/invocations?qualifier=LATEST")]
    [InlineData("GET", InvokeProtocol.CustomRuntime, "/invoke")]
    [InlineData("PUT", InvokeProtocol.CustomRuntime, "/invoke")]
    public async Task Request_OfAnyMethod_ReachesTheFunctionAsOnePostOfItsEvent(string method, InvokeProtocol protocol, string target)
    {
        Call? call = null;
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            call = await Call.ReadAsync(context);
            await context.Response.WriteAsync("""{"statusCode":"201","headers":{"X-Name":"Jörg"},"body":{"ok":true}}""", context.RequestAborted);
        });
        var options = new EventFunctionOptions { Invoke = protocol, Function = "hello world", Qualifier = "LATEST" };
        await using var gateway = await EventGateway.StartAsync(function.Address, TestApi.Create(options, "/api/[id]/*"));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/42/x?expand=lines") { Headers = { { "X-Client", "1" }, { "X-Fc-Invocation-Type", "Async" } } };
        if (method is "POST" or "PUT")
        {
            request.Content = new StringContent("hello");
        }

        using var response = await gateway.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("""{"ok":true}""", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.NotNull(call);
        Assert.Equal("POST", call.Method);
        Assert.Equal(target, call.Target);
        string[] own = protocol == InvokeProtocol.CustomRuntime ? ["x-fc-control-path", "x-fc-request-id"] : [];
        Assert.Equal(["Content-Length", "Content-Type", "Host", .. own], call.HeaderNames.Where(static name => name is not ("traceparent" or "tracestate")));
        Assert.Equal("application/octet-stream", call.ContentType);
        Assert.Equal(method, call.Event.GetProperty("httpMethod").GetString());
        Assert.Equal("/api/42/x", call.Event.GetProperty("path").GetString());
        Assert.Equal("42", call.Event.GetProperty("pathParameters").GetProperty("id").GetString());
        Assert.Equal("lines", call.Event.GetProperty("queryParameters").GetProperty("expand").GetString());
        Assert.Equal("1", call.Event.GetProperty("headers").GetProperty("X-Client").GetString());
        Assert.False(call.Event.GetProperty("headers").TryGetProperty("X-Fc-Invocation-Type", out _));
        Assert.Equal(method is "POST" or "PUT", call.Event.GetProperty("isBase64Encoded").GetBoolean());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8_191)]
    [InlineData(8_192)]
    [InlineData(10_753)]
    [InlineData(1_048_576)]
    [InlineData((6 << 20) - 1)]
    public async Task Body_OfAnySize_GoesToTheFunctionAndBackUnchanged(int size)
    {
        await using var function = await LoopbackServer.StartAsync(EchoAsync);
        await using var gateway = await EventGateway.StartAsync(function.Address, TestApi.Create(new EventFunctionOptions { MaxResult = new(16 << 20) }));
        var body = RandomNumberGenerator.GetBytes(size);

        using var response = await gateway.Client.PostAsync("/echo", new ByteArrayContent(body), Cancellation);

        Assert.Equal(size, response.Content.Headers.ContentLength);
        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Body_LargerThanTheApiTakes_IsRefusedBeforeTheFunctionIsCalled()
    {
        var calls = 0;
        await using var function = await LoopbackServer.StartAsync(context =>
        {
            calls++;
            return EchoAsync(context);
        });
        await using var gateway = await EventGateway.StartAsync(function.Address, TestApi.Create(maxRequestBody: 1000));

        foreach (var size in new[] { 1001, 100_000, 9 << 20 })
        {
            // Raw, because HttpClient reports the connection that closes while it still sends, not the answer that came before.
            var chunk = string.Create(CultureInfo.InvariantCulture, $"{size:x}\r\n{new string('a', size)}\r\n0\r\n\r\n");
            var answer = await RawHttp.SendAsync(gateway.Address, $"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}");

            Assert.Equal((413, "I413RL"), (answer.Status, answer.Header("X-Ca-Error-Code")));
        }

        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task Upgrade_ThatAClientAsksFor_IsAnOrdinaryEvent()
    {
        Call? call = null;
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            call = await Call.ReadAsync(context);
            await context.Response.WriteAsync("""{"statusCode":200}""", context.RequestAborted);
        });
        await using var gateway = await EventGateway.StartAsync(function.Address, TestApi.Create());

        var answer = await SendRawAsync(
            gateway.Address, "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.NotNull(call);
        Assert.Equal("POST", call.Method);
        Assert.DoesNotContain("Upgrade", call.HeaderNames);
        Assert.DoesNotContain("Connection", call.HeaderNames);
    }

    [Fact]
    public async Task Cookies_OfAResult_AreLinesOfTheirOwnOnHttp2Too()
    {
        await using var function = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync(
            """{"statusCode":200,"headers":{"set-cookie":"a=1","Set-Cookie":["b=2","c=3"],"Connection":"close","X-Name":"Jörg"}}""", context.RequestAborted));
        await using var gateway = await EventGateway.StartAsync(function.Address, TestApi.Create(), protocols: HttpProtocols.Http2);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await gateway.Client.SendAsync(request, Cancellation);

        Assert.Equal(["a=1", "b=2", "c=3"], response.Headers.GetValues("Set-Cookie"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Function_SlowerThanTheTimeout_IsCancelledAndTheClientGets503(bool hasBegunItsAnswer)
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            if (hasBegunItsAnswer)
            {
                await context.Response.WriteAsync("{\"statusCode\":");
                await context.Response.Body.FlushAsync();
            }

            context.RequestAborted.Register(cancelled.SetResult);
            called.SetResult();
            await cancelled.Task;
        });
        var time = new FakeTimeProvider();
        await using var gateway = await EventGateway.StartAsync(function.Address, TestApi.Create(CustomRuntime, timeout: TimeSpan.FromSeconds(10)), time);

        var pending = gateway.Client.GetAsync("/", Cancellation);
        await called.Task.WaitAsync(Patience, Cancellation);
        time.Advance(TimeSpan.FromSeconds(10));
        using var response = await pending;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("D503TO", response.Headers.GetValues("X-Ca-Error-Code").Single());
        await cancelled.Task.WaitAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task Client_SlowerThanTheTimeout_IsServed()
    {
        await using var function = await LoopbackServer.StartAsync(EchoAsync);
        var time = new FakeTimeProvider();
        await using var gateway = await EventGateway.StartAsync(function.Address, TestApi.Create(timeout: TimeSpan.FromSeconds(1)), time);
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port, Cancellation);
        var stream = client.GetStream();

        await stream.WriteAsync("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 6\r\n\r\nabc"u8.ToArray(), Cancellation);
        time.Advance(TimeSpan.FromMinutes(1));
        await stream.WriteAsync("def"u8.ToArray(), Cancellation);

        Assert.EndsWith("\r\n\r\nabcdef", await new StreamReader(stream).ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_WhoLeaves_CancelsTheCallWithinASecond()
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            if ((await Call.ReadAsync(context)).Event.GetProperty("path").GetString() == "/warm-up")
            {
                return;
            }

            context.RequestAborted.Register(cancelled.SetResult);
            called.SetResult();
            await cancelled.Task;
        });
        await using var gateway = await EventGateway.StartAsync(function.Address, TestApi.Create());
        (await gateway.Client.GetAsync("/warm-up", Cancellation)).Dispose(); // the second is for the network, not for the JIT
        using var client = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var pending = gateway.Client.GetAsync("/", client.Token);
        await called.Task.WaitAsync(Patience, Cancellation);
        await client.CancelAsync();

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(1), Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
    }

    [Fact]
    public async Task Answer_ThatBreaksOff_Is502()
    {
        using var function = new TcpListener(IPAddress.Loopback, 0);
        function.Start();
        var answering = AnswerHalfAsync(function);
        await using var gateway = await EventGateway.StartAsync($"http://{function.LocalEndpoint}", TestApi.Create());

        using var response = await gateway.Client.GetAsync("/", Cancellation);
        await answering;

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("N502RE", response.Headers.GetValues("X-Ca-Error-Code").Single());

        static async Task AnswerHalfAsync(TcpListener listener)
        {
            using var connection = await listener.AcceptTcpClientAsync(Cancellation);
            var stream = connection.GetStream();
            _ = await stream.ReadAtLeastAsync(new byte[64 << 10], 1, cancellationToken: Cancellation);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"statusCode\":200,"u8.ToArray(), Cancellation);
            connection.Client.Shutdown(SocketShutdown.Send);
            _ = await stream.ReadAsync(new byte[1], Cancellation);
        }
    }

    [Fact]
    public async Task Framing_ThatIsBroken_Is400()
    {
        await using var function = await LoopbackServer.StartAsync(EchoAsync);
        await using var gateway = await EventGateway.StartAsync(function.Address, TestApi.Create());

        var answer = await SendRawAsync(gateway.Address, "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("X-Ca-Error-Code: I400BD", answer, StringComparison.Ordinal);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        var call = await Call.ReadAsync(context);
        await context.Response.WriteAsJsonAsync(
            new { statusCode = 200, isBase64Encoded = call.Event.GetProperty("isBase64Encoded").GetBoolean(), body = call.Event.GetProperty("body").GetString() },
            context.RequestAborted);
    }

    private static async Task<string> SendRawAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Cancellation);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        var buffer = new byte[4096];
        var read = await client.GetStream().ReadAsync(buffer, Cancellation);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    private sealed record Call(string Method, string Target, string[] HeaderNames, string? ContentType, JsonElement Event)
    {
        public static async Task<Call> ReadAsync(HttpContext context) => new(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            [.. context.Request.Headers.Keys.Order(StringComparer.Ordinal)],
            context.Request.ContentType,
            await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted));
    }
}
