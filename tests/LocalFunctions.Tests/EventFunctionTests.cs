using System.Net;
using System.Text;
using static Gateway.LocalFunctions.Tests.TestFunctions;

namespace Gateway.LocalFunctions.Tests;

public sealed class EventFunctionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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
        await using var host = await StartAsync(Event("known", (_, _) => default), WebFunction("web"));
        using var client = new HttpClient { BaseAddress = host.Address };

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

    [Fact]
    public async Task Event_FromAWebPage_IsRefused()
    {
        await using var host = await StartAsync(Event("known", (_, _) => throw new InvalidOperationException("called")));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.InvokeAddress("known")) { Headers = { { "Origin", "https://page.example" } } };

        using var response = await client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("AccessDenied", (await response.ReadJsonAsync()).GetProperty("Code").GetString());
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
        using var client = new HttpClient { BaseAddress = host.Address };

        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("PathNotSupported", (await response.ReadJsonAsync()).GetProperty("Code").GetString());
    }

    [Fact]
    public async Task Event_NameWithBlankAndUmlaut_IsFoundByItsEncodedName()
    {
        await using var host = await StartAsync(Event("größe 1", (_, _) => new("ok"u8.ToArray())));
        using var client = new HttpClient { BaseAddress = host.Address };

        using var response = await client.PostAsync(
            "/2023-03-30/functions/gr%C3%B6%C3%9Fe%201/invocations?qualifier=LATEST", content: null, Cancel);

        Assert.Equal("ok", await response.ReadTextAsync());
    }

    [Fact]
    public async Task Event_LargerThanAServersUsualLimit_ArrivesWhole()
    {
        await using var host = await StartAsync(Event("measure", (eventBytes, _) => new(Encoding.UTF8.GetBytes($"{eventBytes.Length}"))));

        using var response = await host.InvokeAsync("measure", new string('x', 31_000_000));

        Assert.Equal("31000000", await response.ReadTextAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Event_LargerThanTheServiceTakes_IsRefused(bool isChunked)
    {
        await using var host = await StartAsync(Event("measure", (eventBytes, _) => new(Encoding.UTF8.GetBytes($"{eventBytes.Length}"))));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.InvokeAddress("measure")) { Content = new ByteArrayContent(new byte[(32 << 20) + 1]) };
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.ExpectContinue = true; // So that the answer is read before all is sent.

        using var response = await client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("EntityTooLarge", (await response.ReadJsonAsync()).GetProperty("Code").GetString());
    }

    [Fact]
    public async Task Event_Chunked_ArrivesWhole()
    {
        await using var host = await StartAsync(Event("echo", (eventBytes, _) => new(eventBytes.ToArray())));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.InvokeAddress("echo")) { Content = new StringContent("in pieces") };
        request.Headers.TransferEncodingChunked = true;

        using var response = await client.SendAsync(request, Cancel);

        Assert.Equal("in pieces", await response.ReadTextAsync());
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
    public async Task Event_BlocksItsThread_StillMeetsItsDeadline()
    {
        using var release = new ManualResetEventSlim();
        await using var host = await StartAsync(Event(
            "block",
            (_, _) =>
            {
                release.Wait(2 * Patience);
                return default;
            },
            timeout: TimeSpan.FromMilliseconds(50)));

        using var response = await host.InvokeAsync("block", "{}").WaitAsync(Patience, Cancel);
        release.Set();

        Assert.Equal("UnhandledInvocationError", Header(response, "X-Fc-Error-Type"));
    }
}
