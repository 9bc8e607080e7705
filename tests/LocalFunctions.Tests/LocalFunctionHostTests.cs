using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Gateway.LocalFunctions.Tests;

public sealed class LocalFunctionHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_Answered_CarriesResultAndServiceHeaders()
    {
        await using var host = await StartAsync(Event("answer", (_, _) => new("result"u8.ToArray())));

        using var response = await host.InvokeAsync("answer", "{}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("result", await response.ReadTextAsync());
        Assert.True(Guid.TryParse(Header(response, "X-Fc-Request-Id"), out _));
        Assert.InRange(int.Parse(Header(response, "X-Fc-Invocation-Duration"), null), 0, 60_000);
        Assert.StartsWith("local-", Header(response, "X-Fc-Instance-Id"), StringComparison.Ordinal);
        Assert.Equal("LATEST", Header(response, "X-Fc-Invocation-Service-Version"));
        Assert.False(response.Headers.Contains("X-Fc-Error-Type"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Event_Called_GetsTheBytesAndItsContext()
    {
        (string Event, EventFunctionContext Context)? call = null;
        var before = TimeProvider.System.GetUtcNow();
        await using var host = await StartAsync(Event("watch", (eventBytes, context) =>
        {
            call = (Encoding.UTF8.GetString(eventBytes.Span), context);
            return new(ReadOnlyMemory<byte>.Empty);
        }));

        using var response = await host.InvokeAsync("watch", """{"path":"/ü"}""");

        var seen = Assert.NotNull(call);
        Assert.Equal("""{"path":"/ü"}""", seen.Event);
        Assert.Equal("watch", seen.Context.FunctionName);
        Assert.Equal(Header(response, "X-Fc-Request-Id"), seen.Context.RequestId);
        Assert.InRange(seen.Context.Deadline, before + TimeSpan.FromMinutes(1), before + TimeSpan.FromMinutes(2));
        Assert.Equal("", await response.ReadTextAsync());
    }

    [Fact]
    public async Task Event_HandlerThrows_IsAFunctionErrorWithStatus200()
    {
        await using var host = await StartAsync(Event("broken", (_, _) => throw new InvalidOperationException("no \"luck\" ü")));

        using var response = await host.InvokeAsync("broken", "{}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("UnhandledInvocationError", Header(response, "X-Fc-Error-Type"));
        Assert.Equal("LATEST", Header(response, "X-Fc-Invocation-Service-Version"));
        var error = await response.ReadJsonAsync();
        Assert.Equal("no \"luck\" ü", error.GetProperty("errorMessage").GetString());
        Assert.Equal("System.InvalidOperationException", error.GetProperty("errorType").GetString());
        Assert.StartsWith("at ", error.GetProperty("stackTrace")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_HandlerThrowsOnlyLater_IsAFunctionErrorToo()
    {
        await using var host = await StartAsync(Event("broken", async (_, _) =>
        {
            await Task.Yield();
            throw new OperationCanceledException("by itself");
        }));

        using var response = await host.InvokeAsync("broken", "{}");

        Assert.Equal("UnhandledInvocationError", Header(response, "X-Fc-Error-Type"));
        Assert.Equal("by itself", (await response.ReadJsonAsync()).GetProperty("errorMessage").GetString());
    }

    [Fact]
    public async Task Event_IgnoresItsDeadline_IsAFunctionErrorAnyway()
    {
        var never = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        await using var host = await StartAsync(Event("slow", (_, _) => new(never.Task), timeout: TimeSpan.FromMilliseconds(50)));

        using var response = await host.InvokeAsync("slow", "{}").WaitAsync(Patience, Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("UnhandledInvocationError", Header(response, "X-Fc-Error-Type"));
        Assert.Equal("""{"errorMessage":"Function timed out after 0.05 seconds"}""", await response.ReadTextAsync());
    }

    [Fact]
    public async Task Event_UnknownFunction_IsNotFound()
    {
        await using var host = await StartAsync(Event("known", (_, _) => default), LocalFunction.Web("web", static _ => Task.CompletedTask));
        using var client = new HttpClient { BaseAddress = host.Addresses["known"] };

        foreach (var name in new[] { "unknown", "Known", "web", "a/b" })
        {
            using var response = await client.PostAsync($"/2023-03-30/functions/{name}/invocations", content: null, Cancel);

            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            var error = await response.ReadJsonAsync();
            Assert.Equal("FunctionNotFound", error.GetProperty("Code").GetString());
            Assert.Contains(name, error.GetProperty("Message").GetString(), StringComparison.Ordinal);
            Assert.Equal(Header(response, "X-Fc-Request-Id"), error.GetProperty("RequestId").GetString());
        }
    }

    [Theory]
    [InlineData("GET", "/2023-03-30/functions/known/invocations")]
    [InlineData("POST", "/")]
    [InlineData("POST", "/2023-03-30/functions//invocations")]
    [InlineData("POST", "/2023-03-30/functions/invocations")]
    [InlineData("POST", "/2023-03-30/functions/known")]
    public async Task Event_OtherRequest_IsNotSupported(string method, string path)
    {
        await using var host = await StartAsync(Event("known", (_, _) => default));
        using var client = new HttpClient { BaseAddress = host.Addresses["known"] };

        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("PathNotSupported", (await response.ReadJsonAsync()).GetProperty("Code").GetString());
    }

    [Fact]
    public async Task Event_NameWithBlankAndUmlaut_IsFoundByItsEncodedName()
    {
        await using var host = await StartAsync(Event("größe 1", (_, _) => new("ok"u8.ToArray())));
        using var client = new HttpClient { BaseAddress = host.Addresses["größe 1"] };

        using var response = await client.PostAsync("/2023-03-30/functions/gr%C3%B6%C3%9Fe%201/invocations?qualifier=LATEST", content: null, Cancel);

        Assert.Equal("ok", await response.ReadTextAsync());
    }

    [Fact]
    public async Task Event_LargerThanAServersUsualLimit_ArrivesWhole()
    {
        await using var host = await StartAsync(Event("measure", (eventBytes, _) => new(Encoding.UTF8.GetBytes($"{eventBytes.Length}"))));

        using var response = await host.InvokeAsync("measure", new string('x', 31_000_000));

        Assert.Equal("31000000", await response.ReadTextAsync());
    }

    [Fact]
    public async Task Event_ClientGone_CancelsTheHandler()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var host = await StartAsync(Event("wait", async (_, context) =>
        {
            using var registration = context.Cancellation.Register(cancelled.SetResult);
            started.SetResult();
            await cancelled.Task;
            return default;
        }));
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var client = new HttpClient();

        var call = client.PostAsync(host.InvokeAddress("wait"), content: null, leave.Token);
        await started.Task.WaitAsync(Patience, Cancel);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await cancelled.Task.WaitAsync(Patience, Cancel);
    }

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

        var calls = await Task.WhenAll(host.InvokeAsync("first", "{}"), client.GetAsync(host.Addresses["second"], Cancel)).WaitAsync(Patience, Cancel);

        Assert.All(calls, static call => Assert.Equal(HttpStatusCode.OK, call.StatusCode));
    }

    [Fact]
    public async Task Event_BlocksItsThread_StillMeetsItsDeadline()
    {
        using var release = new ManualResetEventSlim();
        await using var host = await StartAsync(Event(
            "block",
            (_, _) =>
            {
                release.Wait(Patience);
                return default;
            },
            timeout: TimeSpan.FromMilliseconds(50)));

        using var response = await host.InvokeAsync("block", "{}").WaitAsync(Patience / 2, Cancel);
        release.Set();

        Assert.Equal("UnhandledInvocationError", Header(response, "X-Fc-Error-Type"));
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
            await using var host = await StartAsync(Event("one", (_, _) => default), Event("two", (_, _) => default), Web("three"), Web("four"));

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

        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(3), Cancel);

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

    private static Task<LocalFunctionHost> StartAsync(params LocalFunction[] functions) => LocalFunctionHost.StartAsync(functions, cancellationToken: Cancel);

    private static LocalFunction Web(string name) => LocalFunction.Web(name, static _ => Task.CompletedTask);

    private static LocalFunction Event(
        string name, Func<ReadOnlyMemory<byte>, EventFunctionContext, ValueTask<ReadOnlyMemory<byte>>> answer, TimeSpan? timeout = null)
        => LocalFunction.Event(name, new DelegateFunction(answer), timeout);

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private sealed class DelegateFunction(Func<ReadOnlyMemory<byte>, EventFunctionContext, ValueTask<ReadOnlyMemory<byte>>> answer) : IEventFunction
    {
        public ValueTask<ReadOnlyMemory<byte>> InvokeAsync(ReadOnlyMemory<byte> eventBytes, EventFunctionContext context) => answer(eventBytes, context);
    }
}
