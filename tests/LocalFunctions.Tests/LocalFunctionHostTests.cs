using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using static Gateway.LocalFunctions.Tests.TestFunctions;

namespace Gateway.LocalFunctions.Tests;

public sealed class LocalFunctionHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Web_ClientGone_AbortsTheRequest()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var host = await StartAsync(LocalFunction.Web("wait", async context =>
        {
            using var registration = context.RequestAborted.Register(cancelled.SetResult);
            started.SetResult();
            await cancelled.Task;
        }));
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var client = new HttpClient();

        var call = client.GetAsync(host.AddressOf("wait", LocalFunctionKind.Web), leave.Token);
        await started.Task.WaitAsync(Patience, Cancel);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await cancelled.Task.WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task Functions_CalledAtOnce_RunSideBySide()
    {
        // Each waits for the other: one after the other, neither would answer.
        TaskCompletionSource first = new(), second = new();
        await using var host = await StartAsync(
            Event("first", async (_, _) =>
            {
                first.SetResult();
                await second.Task;
                return default;
            }),
            LocalFunction.Web("second", async _ =>
            {
                second.SetResult();
                await first.Task;
            }));
        using var client = new HttpClient();

        var calls = await Task
            .WhenAll(host.InvokeAsync("first", "{}"), client.GetAsync(host.AddressOf("second", LocalFunctionKind.Web), Cancel))
            .WaitAsync(Patience, Cancel);

        Assert.All(calls, static call => Assert.Equal(HttpStatusCode.OK, call.StatusCode));
    }

    [Fact]
    public async Task Web_HandlerThrows_Is500AndLogged()
    {
        using var logs = new RecordingLoggerFactory();
        await using var host = await LocalFunctionHost.StartAsync(
            [LocalFunction.Web("broken", static _ => throw new InvalidOperationException("no luck"))], cancellationToken: Cancel);
        host.LogTo(logs);
        using var client = new HttpClient();

        using var response = await client.GetAsync(host.AddressOf("broken", LocalFunctionKind.Web), Cancel);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        var entry = Assert.Single(logs.Entries);
        Assert.True(entry is { Level: LogLevel.Error, Event: "LocalFunctionFailed", Exception: InvalidOperationException });
    }

    [Fact]
    public async Task Start_AddressesMeantForTheGateway_AreIgnored()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://127.0.0.1:1");
        try
        {
            await using var host = await StartAsync(
                Event("one", (_, _) => default), Event("two", (_, _) => default), WebFunction("three"), WebFunction("four"));

            Assert.Equal("127.0.0.1", host.Address.Host);
            Assert.True(host.Address.Port > 1024);
            Uri[] events = [host.AddressOf("one", LocalFunctionKind.Event), host.AddressOf("two", LocalFunctionKind.Event)];
            Uri[] webs = [host.AddressOf("three", LocalFunctionKind.Web), host.AddressOf("four", LocalFunctionKind.Web)];
            Assert.All(events, address => Assert.Equal(host.Address, address));
            Assert.All(webs, address => Assert.Equal(host.Address.Authority, address.Authority));
            Assert.Equal(3, events.Concat(webs).Distinct().Count());
        }
        finally
        {
            Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
        }
    }

    [Fact]
    public async Task Start_TwoHosts_TakeDifferentPorts()
    {
        // Two at once: with a fixed port to fall back to, the second could not start.
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        Assert.NotEqual(first.Address, second.Address);
    }

    [Fact]
    public async Task Start_RepeatedName_IsRefused()
        => await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(WebFunction("same"), Event("same", (_, _) => default)));

    [Fact]
    public async Task Dispose_CallInFlight_IsCutOffAndThePortIsFree()
    {
        var started = new TaskCompletionSource();
        var host = await StartAsync(LocalFunction.Web("hang", async context =>
        {
            started.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
        }));
        using var client = new HttpClient();
        var address = host.AddressOf("hang", LocalFunctionKind.Web);
        var call = client.GetAsync(address, Cancel);
        await started.Task.WaitAsync(Patience, Cancel);

        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address, Cancel));
    }

    [Fact]
    public async Task Telemetry_OfFunctions_DoesNotCountAsTheGateways()
    {
        var seen = new ConcurrentBag<string>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal),
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => seen.Add(activity.Source.Name),
        };
        ActivitySource.AddActivityListener(activities);
        using var meters = new MeterListener { InstrumentPublished = (instrument, _) => seen.Add(instrument.Meter.Name) };
        meters.Start();

        await using var host = await StartAsync(Event("answer", (_, _) => default));
        using var response = await host.InvokeAsync("answer", "{}");

        Assert.Contains("Gateway.LocalFunctions", seen);
        Assert.DoesNotContain(seen, static name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }
}
