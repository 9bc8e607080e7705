using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests;

/// <summary>Hedging and concurrency of a backend, and all of its options together.</summary>
public class ResilienceTests
{
    private static Task<RunningGateway> StartAsync(string type, string options)
        => RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "f": { "Type": "{{type}}", "Timeout": "20s", {{options}} } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
            }
            """);

    private static Task<LoopbackServer> StartSilentAsync(SemaphoreSlim calls, SemaphoreSlim ends) => LoopbackServer.StartAsync(async context =>
    {
        calls.Release();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        ends.Release();
    });

    private static Task AnswerAsync(HttpContext context) => context.Response.WriteAsync("""{"statusCode":200,"body":"done"}""");

    [Theory]
    [InlineData("WebFunction")]
    [InlineData("EventFunction")]
    public async Task Hedging_OfASlowCall_TakesTheOtherAnswerAndCancelsTheFirst(string type)
    {
        var calls = new SemaphoreSlim(0);
        var ends = new SemaphoreSlim(0);
        await using var slow = await StartSilentAsync(calls, ends);
        await using var function = await LoopbackServer.StartAsync(AnswerAsync);
        await using var gateway = await StartAsync(
            type, $$""" "LoadBalancing": "First", "Addresses": [ "{{slow.Address}}", "{{function.Address}}" ], "Hedging": { "Delay": "50ms" } """);

        var answer = await RawHttp.SendAsync(gateway.Address, "GET /x HTTP/1.1\r\nHost: x\r\nX-Mine: kept\r\n\r\n");

        Assert.Equal(200, answer.Status);
        Assert.True(await calls.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.True(await ends.WaitAsync(TimeSpan.FromSeconds(5))); // The loser is cancelled.
    }

    [Fact]
    public async Task Hedging_OfAFastCall_SendsItOnce()
    {
        var calls = 0;
        await using var function = await LoopbackServer.StartAsync(context =>
        {
            Interlocked.Increment(ref calls);
            return AnswerAsync(context);
        });
        await using var gateway = await StartAsync("WebFunction", $$""" "Address": "{{function.Address}}", "Hedging": { } """);

        Assert.Equal("""{"statusCode":200,"body":"done"}""", await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/")));
        Assert.Equal(1, calls);
    }

    /// <summary>A hedge is for calls that may arrive twice: not for a POST, not for a body.</summary>
    [Theory]
    [InlineData("POST", "WebFunction")]
    [InlineData("POST", "EventFunction")]
    [InlineData("PUT", "EventFunction")]
    public async Task Hedging_OfAnUnsafeMethod_SendsItOnce(string method, string type)
    {
        var calls = 0;
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200)); // Longer than the hedge's delay, many times.
                await timer.WaitForNextTickAsync(context.RequestAborted);
            }

            await AnswerAsync(context);
        });
        await using var gateway = await StartAsync(type, $$""" "Address": "{{function.Address}}", "Hedging": { "Delay": "5ms" } """);

        var answer = await RawHttp.SendAsync(gateway.Address, $"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");

        Assert.Equal((200, 1), (answer.Status, calls));
    }

    [Fact]
    public async Task Hedging_WhereTheFirstConnectionFails_TakesTheOtherAddress()
    {
        using var dead = new DeadAddress();
        await using var function = await LoopbackServer.StartAsync(AnswerAsync);
        await using var gateway = await StartAsync(
            "WebFunction", $$""" "LoadBalancing": "First", "Addresses": [ "{{dead.Address}}", "{{function.Address}}" ], "Hedging": { "Delay": "10s" } """);

        Assert.Equal(200, (await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
    }

    [Fact]
    public async Task Concurrency_BeyondTheLimit_IsRefusedAtOnceAndFreeAgainAfterAborts()
    {
        var calls = new SemaphoreSlim(0);
        var ends = new SemaphoreSlim(0);
        await using var function = await StartSilentAsync(calls, ends);
        await using var gateway = await StartAsync("WebFunction", $$""" "Address": "{{function.Address}}", "Concurrency": 2 """);

        using (var one = await SendAsync(gateway))
        using (var other = await SendAsync(gateway))
        {
            Assert.True(await calls.WaitAsync(TimeSpan.FromSeconds(5)) && await calls.WaitAsync(TimeSpan.FromSeconds(5)));
            var refused = await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.Equal((503, "X503BZ", "1"), (refused.Status, refused.Header("X-Ca-Error-Code"), refused.Header("Retry-After")));
        }

        // The backend sees the end of a call a moment before the gateway is through with it, so the next may still be refused once or twice.
        Assert.True(await ends.WaitAsync(TimeSpan.FromSeconds(5)) && await ends.WaitAsync(TimeSpan.FromSeconds(5)));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        TcpClient? third = null;
        do
        {
            third?.Dispose();
            third = await SendAsync(gateway);
        }
        while (!await calls.WaitAsync(TimeSpan.FromMilliseconds(100), limit.Token));
        third.Dispose();
    }

    /// <summary>TO-08: an upload may take longer than the timeout as long as it goes on; a client that stops is refused, and the backend not blamed.</summary>
    [Theory]
    [InlineData(12, 200, null)]
    [InlineData(3, 408, "I408RT")]
    public async Task Upload_ThatIsSlow_LastsAsLongAsItGoesOn(int parts, int status, string? code)
    {
        await using var function = await LoopbackServer.StartAsync(static async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            await context.Response.WriteAsync("ok");
        });
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "f": { "Type": "WebFunction", "Timeout": "1s", "Address": "{{function.Address}}", "CircuitBreaker": { "Timeouts": 1, "Errors": 1 } } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
            }
            """);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 12\r\n\r\n"));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < parts && await timer.WaitForNextTickAsync(); i++)
        {
            await stream.WriteAsync("."u8.ToArray());
        }

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains(code ?? "ok", answer, StringComparison.Ordinal);
        Assert.Equal(200, (await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
    }

    /// <summary>All options of a backend at once change nothing for a call that goes well.</summary>
    [Theory]
    [InlineData("WebFunction")]
    [InlineData("EventFunction")]
    public async Task Options_AllTogether_LetCallsThroughAndDoTheirWork(string type)
    {
        using var dead = new DeadAddress();
        await using var function = await LoopbackServer.StartAsync(AnswerAsync);
        await using var gateway = await StartAsync(type, $$"""
             "LoadBalancing": "First", "Addresses": [ "{{dead.Address}}", "{{function.Address}}" ],
             "Retry": { "Delay": "1ms" }, "Hedging": { }, "CircuitBreaker": { "Errors": 5 }, "Concurrency": 10,
             "Health": { "Passive": { "Failures": 2 } }, "HideSignature": true
            """);

        foreach (var method in new[] { "GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD" })
        {
            Assert.Equal(200, (await RawHttp.SendAsync(gateway.Address, $"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")).Status);
        }

        Assert.Contains(gateway.Log.Lines, line => line.Contains($"Backend f: address {dead.Address} is out of rotation, 1 of 2 left", StringComparison.Ordinal));
    }

    private static async Task<TcpClient> SendAsync(RunningGateway gateway)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        return client;
    }
}
