using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Gateway.IntegrationTests.Observability;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests.Operations;

/// <summary>Signals to a real process (lessons SD-02, SD-03, SD-05, SD-06): what is under way finishes, and the exit code is 0.</summary>
public class SignalTests
{
    [Fact]
    public async Task Term_WhileCallsAreUnderWay_FinishesThemAndServesThroughTheDelay()
    {
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/slow")
            {
                arrived.SetResult();
                await release.Task;
            }

            await context.Response.WriteAsync("done");
        });
        await using var gateway = await GatewayProcess.StartAsync(Web(function.Address), "Production", "--Gateway:Shutdown:DrainDelay=1500ms");
        var slow = RawHttp.SendAsync(gateway.Address, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", TimeSpan.FromSeconds(20));
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        var watch = Stopwatch.StartNew();
        await gateway.SignalAsync("TERM");
        var (ready, readyBody) = await ReadyAsync(gateway);
        var served = await RawHttp.SendAsync(gateway.Address, "GET /new HTTP/1.1\r\nHost: x\r\n\r\n");
        release.SetResult();

        Assert.Equal((503, "draining\n"), (ready, readyBody));
        Assert.Equal((200, "close"), (served.Status, served.Header("Connection")));
        Assert.Equal((200, "done"), ((await slow).Status, (await slow).Body));
        Assert.Equal(0, await gateway.ExitAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Term_UploadUnderWayWithoutADelay_IsForwardedWhole()
    {
        var started = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            started.SetResult();
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await context.Response.WriteAsync(body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
        await using var gateway = await GatewayProcess.StartAsync(Web(function.Address), "Production", "--Gateway:Shutdown:DrainDelay=0s");
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync("POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello"u8.ToArray(), TestContext.Current.CancellationToken);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        await gateway.SignalAsync("TERM");
        await RefusesConnectionsAsync(gateway.Address);
        await stream.WriteAsync("world"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.EndsWith("10\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(0, await gateway.ExitAsync());
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_IdleDevelopmentGateway_EndsItQuickly(string signal)
    {
        await using var gateway = await GatewayProcess.StartAsync(Mock, "Development");

        var watch = Stopwatch.StartNew();
        await gateway.SignalAsync(signal);

        Assert.Equal(0, await gateway.ExitAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Term_ASecondTime_EndsItAtOnce()
    {
        await using var gateway = await GatewayProcess.StartAsync(Mock, "Production", "--Gateway:Shutdown:DrainDelay=20s");
        await gateway.SignalAsync("TERM");
        Assert.Equal(503, (await ReadyAsync(gateway)).Status);

        var watch = Stopwatch.StartNew();
        await gateway.SignalAsync("TERM");

        Assert.Equal(143, await gateway.ExitAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Term_CallThatNeverEnds_IsCutOffAtTheTimeout()
    {
        var arrived = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var gateway = await GatewayProcess.StartAsync(
            Web(function.Address), "Production", "--Gateway:Shutdown:DrainDelay=0s", "--Gateway:Shutdown:Timeout=2s");
        var call = RawHttp.SendAsync(gateway.Address, "GET /never HTTP/1.1\r\nHost: x\r\n\r\n", TimeSpan.FromSeconds(20));
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        var watch = Stopwatch.StartNew();
        await gateway.SignalAsync("TERM");

        Assert.Equal(0, await gateway.ExitAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(5));
        _ = await Record.ExceptionAsync(() => call);
    }

    [Fact]
    public async Task Term_DuringTheStart_IsExitCode0OrTheSignalsOwn()
    {
        await using var gateway = GatewayProcess.Launch(Mock, "Production");
        await Task.Delay(TimeSpan.FromMilliseconds(250), TestContext.Current.CancellationToken); // The runtime is up, the gateway mostly is not.

        await gateway.SignalAsync("TERM");

        Assert.Equal(0, await gateway.ExitAsync());
        Assert.DoesNotContain("   at ", gateway.Output, StringComparison.Ordinal);
    }

    /// <summary>The last request's span and log line leave with it (lesson SD-07).</summary>
    [Fact]
    public async Task Term_WithACollector_SendsTheSpanAndLogOfTheLastRequest()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(Mock, "Development", receiver.Variables);
        var answer = await RawHttp.SendAsync(gateway.Address, "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        await gateway.SignalAsync("TERM");

        Assert.Equal(0, await gateway.ExitAsync());
        Assert.Equal(200, answer.Status);
        Assert.Equal("/last", Assert.Single(receiver.Spans).Attributes(9)["url.path"]);
        Assert.Single(receiver.Logs, static record => record.Attributes(6).TryGetValue("url.path", out var path) && path == "/last");
        Assert.Contains("gateway.requests", receiver.Metrics);
    }

    /// <summary>Telemetry that nobody takes keeps no process alive (lesson SD-05): neither a port that refuses nor a collector that hangs.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Term_CollectorOutOfReach_EndsWithinTheTimeout(bool hangs)
    {
        using var collector = new TcpListener(System.Net.IPAddress.Loopback, 0);
        collector.Start(); // Its connections are taken by the system and never answered.
        var port = ((System.Net.IPEndPoint)collector.LocalEndpoint).Port;
        if (!hangs)
        {
            collector.Stop();
        }

        var variables = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port}", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" };
        await using var gateway = await GatewayProcess.StartAsync(Mock, "Production", variables, "--Gateway:Shutdown:DrainDelay=0s", "--Gateway:Shutdown:Timeout=3s");
        await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        var watch = Stopwatch.StartNew();
        await gateway.SignalAsync("TERM");

        Assert.Equal(0, await gateway.ExitAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4.5));
    }

    /// <summary>Clients that behave as a load balancer: they go on, and open connections, until the probe says no (lesson SD-04). GATEWAY_DRAIN_TRIES=10 repeats it.</summary>
    [Fact]
    public async Task Term_UnderLoad_LosesNoRequest()
    {
        await using var function = await LoopbackServer.StartAsync(static async context =>
        {
            await Task.Yield();
            await context.Response.WriteAsync("done");
        });
        var tries = int.Parse(Environment.GetEnvironmentVariable("GATEWAY_DRAIN_TRIES") ?? "1", System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < tries; i++)
        {
            await using var gateway = await GatewayProcess.StartAsync(Web(function.Address), "Production", "--Gateway:Shutdown:DrainDelay=1s");
            var isReady = true;
            var clients = Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
            {
                var answered = 0;
                using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = number % 2 == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero });
                while (Volatile.Read(ref isReady))
                {
                    using var answer = await client.GetAsync(new Uri(gateway.Address, "/"));
                    Assert.Equal(200, (int)answer.StatusCode);
                    answered++;
                }

                return answered;
            })).ToArray();
            await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); // The load has begun.

            await gateway.SignalAsync("TERM");
            Assert.Equal(503, (await ReadyAsync(gateway)).Status);
            await Task.Delay(TimeSpan.FromMilliseconds(400), TestContext.Current.CancellationToken); // A load balancer is not told at once.
            Volatile.Write(ref isReady, false);

            Assert.DoesNotContain(0, await Task.WhenAll(clients));
            Assert.Equal(0, await gateway.ExitAsync());
        }
    }

    private const string Mock = """
        {
          "Backends": { "m": { "Type": "Mock", "StatusCode": 200, "Body": "hello" } },
          "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "m", "Auth": "None" } } } }
        }
        """;

    private static string Web(string address) => $$"""
        {
          "Backends": { "f": { "Type": "WebFunction", "Address": "{{address}}", "Timeout": "60s" } },
          "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
        }
        """;

    /// <summary>Asks until the answer is not "ready": the signal is on its way.</summary>
    private static async Task<(int Status, string Body)> ReadyAsync(GatewayProcess gateway)
    {
        while (true)
        {
            var answer = await RawHttp.SendAsync(gateway.Management, "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            if (answer.Status != 200)
            {
                return (answer.Status, answer.Body);
            }
        }
    }

    private static async Task RefusesConnectionsAsync(Uri address)
    {
        while (true)
        {
            using var client = new TcpClient();
            if (await Record.ExceptionAsync(() => client.ConnectAsync(address.Host, address.Port)) is SocketException)
            {
                return;
            }
        }
    }
}
