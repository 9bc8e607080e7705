using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests;

/// <summary>Timeouts answer with their code, and the call to the backend ends; so does it when the client leaves.</summary>
public class TimeoutTests
{
    private static Task<RunningGateway> StartAsync(LoopbackServer function, string type, string api = "")
        => RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "f": { "Type": "{{type}}", "Address": "{{function.Address}}", "Timeout": "30s" } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" {{api}} } } } }
            }
            """);

    /// <summary>Never answers; tells when the call was cancelled.</summary>
    private static RequestDelegate Silent(TaskCompletionSource called, TaskCompletionSource cancelled, bool afterHead = false) => async context =>
    {
        if (afterHead)
        {
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
        }

        called.TrySetResult();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        cancelled.TrySetResult();
    };

    [Theory]
    [InlineData("WebFunction", 504, "D504TO")]
    [InlineData("EventFunction", 503, "D503TO")]
    public async Task Timeout_OfTheApi_AnswersWithItsCodeAndCancelsTheCall(string type, int status, string code)
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(Silent(called, cancelled));
        await using var gateway = await StartAsync(function, type, """, "Timeout": "150ms" """);

        var start = Stopwatch.GetTimestamp();
        var answer = await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal((status, code), (answer.Status, answer.Header("X-Ca-Error-Code")));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.1, 5);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Timeout_OfAWebFunctionAfterItsHead_AbortsTheConnection()
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(Silent(called, cancelled, afterHead: true));
        await using var gateway = await StartAsync(function, "WebFunction", """, "Timeout": "150ms" """);

        using var response = await gateway.Client.GetAsync(new Uri(gateway.Address, "/"), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync()); // Not taken for a whole answer.
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Timeout_OfARequestThatOffersAnotherProtocol_IsNotAWebSockets()
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(Silent(called, cancelled, afterHead: true));
        await using var gateway = await StartAsync(function, "WebFunction", """, "Timeout": "150ms" """);

        var answer = await RawHttp.SendAsync(
            gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");

        Assert.Equal(200, answer.Status);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5)); // An idle WebSocket would have ten minutes.
    }

    [Fact]
    public async Task Timeout_OfAWebFunctionThatKeepsTalking_NeverFires()
    {
        await using var function = await LoopbackServer.StartAsync(static async context =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            for (var i = 0; i < 20; i++)
            {
                await timer.WaitForNextTickAsync();
                await context.Response.WriteAsync(".");
                await context.Response.Body.FlushAsync();
            }
        });
        await using var gateway = await StartAsync(function, "WebFunction", """, "Timeout": "400ms" """);

        Assert.Equal(new string('.', 20), await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/")));
    }

    [Theory]
    [InlineData("WebFunction", false)]
    [InlineData("WebFunction", true)]
    [InlineData("EventFunction", false)]
    public async Task Client_ThatLeaves_CancelsTheCall(string type, bool afterHead)
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(Silent(called, cancelled, afterHead));
        await using var gateway = await StartAsync(function, type);

        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
            await called.Task.WaitAsync(TimeSpan.FromSeconds(5));
        }

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5)); // The timeout would take thirty; a busy machine may take one.
        Assert.Empty(gateway.Log.Errors);
    }

    [Fact]
    public async Task ConnectTimeout_OfAnAddressThatNeverAnswers_Is504WithItsOwnCode()
    {
        // A listener whose backlog is full drops further attempts, so that connecting hangs.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var port = ((IPEndPoint)full.LocalEndPoint!).Port;
        var fillers = new List<Socket>();
        for (var i = 0; i < 4; i++)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            fillers.Add(filler);
            _ = filler.ConnectAsync(IPAddress.Loopback, port).ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        }

        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": {
                "web": { "Type": "WebFunction", "Address": "http://127.0.0.1:{{port}}", "ConnectTimeout": "200ms" },
                "event": { "Type": "EventFunction", "Address": "http://127.0.0.1:{{port}}", "ConnectTimeout": "200ms" }
              },
              "Groups": { "g": { "Apis": { "w": { "Path": "/web", "Backend": "web", "Auth": "None" }, "e": { "Path": "/event", "Backend": "event", "Auth": "None" } } } }
            }
            """);

        foreach (var path in new[] { "/web", "/event" })
        {
            var answer = await RawHttp.SendAsync(gateway.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.Equal((504, "D504CO"), (answer.Status, answer.Header("X-Ca-Error-Code")));
        }

        fillers.ForEach(static filler => filler.Dispose());
    }

    [Fact]
    public async Task WebSocketHandshake_ThatIsNotAnswered_TimesOutAsTheApiSays()
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(Silent(called, cancelled));
        await using var gateway = await StartAsync(function, "WebFunction", """, "Timeout": "150ms" """);

        var answer = await RawHttp.SendAsync(
            gateway.Address,
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        Assert.Equal((504, "D504TO"), (answer.Status, answer.Header("X-Ca-Error-Code")));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5));
    }
}
