using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.IntegrationTests;

/// <summary>A backend's circuit opens after too many failures of its own, and closes once a call succeeds (TO-04, TO-06, TO-14).</summary>
public class CircuitBreakerTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private Task<RunningGateway> StartAsync(string address, string breaker, string type = "WebFunction", string more = "")
        => RunningGateway.StartSectionAsync(
            $$"""
            {
              "Backends": {
                "f": { "Type": "{{type}}", "Address": "{{address}}", "CircuitBreaker": {{breaker}} {{more}} },
                "other": { "Type": "{{type}}", "Address": "{{address}}", "CircuitBreaker": {{breaker}} {{more}} }
              },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" }, "b": { "Path": "/other/*", "Backend": "other", "Auth": "None" } } } }
            }
            """,
            time: _time);

    private static async Task<(int Status, string? Code, string? RetryAfter)> GetAsync(RunningGateway gateway, string path = "/")
    {
        var answer = await RawHttp.SendAsync(gateway.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        return (answer.Status, answer.Header("X-Ca-Error-Code"), answer.Header("Retry-After"));
    }

    /// <summary>Answers with one status; keeps count.</summary>
    private sealed class Backend
    {
        private int _calls;

        public int Calls => _calls;

        public int Status { get; set; } = 500;

        public async Task AnswerAsync(HttpContext context)
        {
            Interlocked.Increment(ref _calls);
            context.Response.StatusCode = Status;
            await context.Response.WriteAsync("{}");
        }
    }

    [Fact]
    public async Task Errors_ThatReachTheThreshold_OpenTheCircuitUntilACallSucceeds()
    {
        var backend = new Backend();
        await using var function = await LoopbackServer.StartAsync(backend.AnswerAsync);
        await using var gateway = await StartAsync(function.Address, """{ "Errors": 3, "OpenFor": "90s" }""");

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((500, null, null), await GetAsync(gateway));
        }

        Assert.Equal((503, "D503CB", "90"), await GetAsync(gateway));
        _time.Advance(TimeSpan.FromSeconds(60.5));
        Assert.Equal((503, "D503CB", "30"), await GetAsync(gateway));
        Assert.Equal(3, backend.Calls);
        Assert.Equal((500, null, null), await GetAsync(gateway, "/other/")); // Each backend has its own.

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((500, null, null), await GetAsync(gateway)); // The one call that is let through, in vain.
        Assert.Equal((503, "D503CB", "90"), await GetAsync(gateway));

        _time.Advance(TimeSpan.FromSeconds(90));
        backend.Status = 200;
        Assert.Equal((200, null, null), await GetAsync(gateway));
        Assert.Equal((200, null, null), await GetAsync(gateway));
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("Backend f: circuit open for 00:01:30, too many errors", StringComparison.Ordinal));
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("Backend f: circuit closed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Errors_BeyondTheWindow_AreForgotten()
    {
        await using var function = await LoopbackServer.StartAsync(new Backend().AnswerAsync);
        await using var gateway = await StartAsync(function.Address, """{ "Errors": 2, "Window": "30s" }""");

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(500, (await GetAsync(gateway)).Status);
            _time.Advance(TimeSpan.FromSeconds(31));
        }
    }

    [Fact]
    public async Task Errors_WithoutAThreshold_NeverOpenTheCircuit()
    {
        await using var function = await LoopbackServer.StartAsync(new Backend().AnswerAsync);
        await using var gateway = await StartAsync(function.Address, """{ "Timeouts": 1 }""");

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(500, (await GetAsync(gateway)).Status);
        }
    }

    [Theory]
    [InlineData("WebFunction", false, 504)]
    [InlineData("EventFunction", false, 503)]
    [InlineData("WebFunction", true, 200)]
    public async Task Timeouts_OfAnswersAndStreams_OpenTheCircuit(string type, bool afterHead, int status)
    {
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            if (afterHead)
            {
                await context.Response.WriteAsync("first");
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        });
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "f": { "Type": "{{type}}", "Address": "{{function.Address}}", "Timeout": "100ms", "CircuitBreaker": { "Timeouts": 2 } } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
            }
            """);

        Assert.Equal(status, (await GetAsync(gateway)).Status);
        Assert.Equal(status, (await GetAsync(gateway)).Status);
        var refused = await GetAsync(gateway); // A cut stream reaches the client a moment before it is counted.
        refused = afterHead && refused.Status == status ? await GetAsync(gateway) : refused;
        Assert.Equal((503, "D503CB"), (refused.Status, refused.Code));
    }

    /// <summary>Another reading of TO-06: a connection that cannot be made is an error, and a breaker works without timeout or retry of its own.</summary>
    [Fact]
    public async Task Connections_ThatCannotBeMade_AreErrors()
    {
        using var dead = new DeadAddress();
        await using var gateway = await StartAsync(dead.Address, """{ "Errors": 2 }""");

        Assert.Equal("D504CO", (await GetAsync(gateway)).Code);
        Assert.Equal("D504CO", (await GetAsync(gateway)).Code);
        Assert.Equal("D503CB", (await GetAsync(gateway)).Code);
    }

    /// <summary>TO-04: a client that leaves says nothing about the backend.</summary>
    [Theory]
    [InlineData("WebFunction")]
    [InlineData("EventFunction")]
    public async Task Clients_ThatLeave_NeverOpenTheCircuit(string type)
    {
        var calls = new SemaphoreSlim(0);
        var ends = new SemaphoreSlim(0);
        var isSilent = true;
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            if (isSilent)
            {
                calls.Release();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
                ends.Release();
                return;
            }

            await context.Response.WriteAsync("""{"statusCode":200}""");
        });
        await using var gateway = await StartAsync(function.Address, """{ "Timeouts": 1, "Errors": 1 }""", type);

        for (var i = 0; i < 3; i++)
        {
            using (var client = new TcpClient())
            {
                await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
                await calls.WaitAsync(TimeSpan.FromSeconds(5));
            }

            await ends.WaitAsync(TimeSpan.FromSeconds(5));
        }

        isSilent = false;
        Assert.Equal(200, (await GetAsync(gateway)).Status);
    }

    /// <summary>TO-14: a body that its client breaks off is no failure of the backend either.</summary>
    [Fact]
    public async Task Bodies_ThatBreakOff_NeverOpenTheCircuit()
    {
        var called = new SemaphoreSlim(0);
        var ends = new SemaphoreSlim(0);
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            called.Release();
            try
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                await context.Response.WriteAsync("ok");
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                ends.Release();
            }
        });
        await using var gateway = await StartAsync(
            function.Address, """{ "Timeouts": 1, "Errors": 1 }""", more: """, "Health": { "Passive": { "Failures": 1 } } """);

        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nonly this"));
            await called.WaitAsync(TimeSpan.FromSeconds(5));
            client.Client.LingerState = new LingerOption(true, 0);
        }

        await ends.WaitAsync(TimeSpan.FromSeconds(5));
        await RawHttp.SendAsync(gateway.Address, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n");
        Assert.Equal(200, (await GetAsync(gateway)).Status);
    }

    [Fact]
    public async Task Circuit_ThatIsHalfOpen_LetsOneCallThroughAtATime()
    {
        var backend = new Backend();
        var probing = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        var isProbe = false;
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            if (isProbe)
            {
                probing.TrySetResult();
                await answer.Task;
            }

            await backend.AnswerAsync(context);
        });
        await using var gateway = await StartAsync(function.Address, """{ "Errors": 1, "OpenFor": "10s" }""");
        await GetAsync(gateway);
        _time.Advance(TimeSpan.FromSeconds(10));
        isProbe = true;
        backend.Status = 200;

        var probe = GetAsync(gateway);
        await probing.Task.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((503, "D503CB", "1"), await GetAsync(gateway));
        answer.SetResult();

        Assert.Equal(200, (await probe).Status);
        Assert.Equal(200, (await GetAsync(gateway)).Status);
    }

    /// <summary>A probe whose answer streams for hours closes the circuit with its head.</summary>
    [Fact]
    public async Task Circuit_WhoseProbeStreams_ClosesWithTheHeadOfTheAnswer()
    {
        var backend = new Backend();
        var isStream = false;
        var end = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            await (isStream ? context.Response.WriteAsync("event") : backend.AnswerAsync(context));
            await context.Response.Body.FlushAsync();
            await (isStream && context.Request.Path == "/stream" ? end.Task : Task.CompletedTask);
        });
        await using var gateway = await StartAsync(function.Address, """{ "Errors": 1, "OpenFor": "10s" }""");
        await GetAsync(gateway);
        _time.Advance(TimeSpan.FromSeconds(10));
        isStream = true;

        using var stream = await gateway.Client.GetAsync(new Uri(gateway.Address, "/stream"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (await GetAsync(gateway)).Status);
        end.SetResult();
    }

    [Fact]
    public async Task Circuit_OfABackendThatAReloadDoesNotTouch_StaysOpen()
    {
        var backend = new Backend();
        await using var function = await LoopbackServer.StartAsync(backend.AnswerAsync);
        await using var gateway = await StartAsync(function.Address, """{ "Errors": 1 }""");
        await GetAsync(gateway);
        await GetAsync(gateway, "/other/");
        var file = Path.Combine(gateway.Folder, "appsettings.json");
        var text = await File.ReadAllTextAsync(file);
        var changed = text.Replace("\"other\": {", "\"other\": { \"ConnectTimeout\": \"1s\",", StringComparison.Ordinal);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await File.WriteAllTextAsync(file, changed, limit.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await GetAsync(gateway, "/other/")).Status != 500)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }

        Assert.Equal("D503CB", (await GetAsync(gateway)).Code);
    }
}
