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

        var call = client.GetAsync(host.Addresses["wait"], leave.Token);
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
            .WhenAll(host.InvokeAsync("first", "{}"), client.GetAsync(host.Addresses["second"], Cancel))
            .WaitAsync(Patience, Cancel);

        Assert.All(calls, static call => Assert.Equal(HttpStatusCode.OK, call.StatusCode));
    }

    [Fact]
    public async Task Web_HandlerThrows_Is500AndLogged()
    {
        using var logs = new RecordingLoggerFactory();
        await using var host = await LocalFunctionHost.StartAsync(
            [LocalFunction.Web("broken", static _ => throw new InvalidOperationException("no luck"))], logs, Cancel);
        using var client = new HttpClient();

        using var response = await client.GetAsync(host.Addresses["broken"], Cancel);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains(logs.Entries, static entry => entry is (LogLevel.Error, "LocalFunctionFailed", InvalidOperationException));
        Assert.Contains(logs.Entries, static entry => entry is (LogLevel.Information, "LocalFunctionStarted", null));
        Assert.Equal(2, logs.Entries.Count);
    }

    [Fact]
    public async Task Start_AddressesMeantForTheGateway_AreIgnored()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://127.0.0.1:1");
        try
        {
            await using var host = await StartAsync(
                Event("one", (_, _) => default), Event("two", (_, _) => default), Web("three"), Web("four"));

            Assert.All(host.Addresses.Values, static address => Assert.Equal("127.0.0.1", address.Host));
            Assert.All(host.Addresses.Values, static address => Assert.True(address.Port > 1024));
            Assert.Equal(host.Addresses["one"], host.Addresses["two"]);
            Assert.Equal(3, host.Addresses.Values.Distinct().Count());
        }
        finally
        {
            Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
        }
    }

    [Fact]
    public async Task Start_NoFunctions_ListensNowhereElse()
    {
        // Two at once: with a fixed port to fall back to, the second could not start.
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        Assert.Empty(first.Addresses);
    }

    [Fact]
    public async Task Start_RepeatedName_IsRefused()
        => await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(Web("same"), Event("same", (_, _) => default)));

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
        var address = host.Addresses["hang"];
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
