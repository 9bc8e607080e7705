using System.Net;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.IntegrationTests;

/// <summary>Calls are tried again before a byte of an answer went out, as the method, the body and the backend's <c>Retry</c> say (TO-06, TO-11, TO-12).</summary>
public class RetryTests
{
    private const string Fast = """ "Retry": { "Delay": "1ms", "MaxDelay": "5ms" } """;

    private static Task<RunningGateway> StartAsync(string type, string addresses, string options = Fast, string timeout = "20s")
        => RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "f": { "Type": "{{type}}", {{addresses}}, "Timeout": "{{timeout}}" {{(options.Length > 0 ? "," + options : "")}} } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
            }
            """);

    private static string At(params string[] addresses) => $""" "LoadBalancing": "First", "Addresses": [ {string.Join(", ", addresses.Select(static address => $"\"{address}\""))} ] """;

    [Theory]
    [InlineData("WebFunction", "GET", 503, 2)]
    [InlineData("WebFunction", "HEAD", 502, 2)]
    [InlineData("WebFunction", "DELETE", 502, 1)]
    [InlineData("EventFunction", "GET", 503, 2)]
    [InlineData("EventFunction", "PUT", 502, 1)]
    public async Task Status_OfAMethodThatMayRepeat_IsTriedAgain(string type, string method, int status, int failures)
    {
        var flaky = new FlakyBackend(failures, status);
        await using var function = await LoopbackServer.StartAsync(flaky.AnswerAsync);
        await using var gateway = await StartAsync(type, $""" "Address": "{function.Address}" """);

        using var request = new HttpRequestMessage(new HttpMethod(method), "/x?q=1");
        request.Headers.Add("X-Mine", "kept");
        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, failures + 1), (answer.StatusCode, flaky.Calls));

        // Of a category of our own: the program keeps YARP's quiet.
        Assert.Contains(gateway.Log.Lines, static line => line.StartsWith("Information Gateway.Backends.", StringComparison.Ordinal) && line.Contains("trying again", StringComparison.Ordinal));
        if (type == "WebFunction")
        {
            Assert.All(flaky.Headers, static header => Assert.Equal("kept", header)); // TO-11: no header is lost on the way.
        }
    }

    [Fact]
    public async Task Event_ThatIsTriedAgain_IsTheSameEventWithTheWholeBody()
    {
        var flaky = new FlakyBackend(2);
        await using var function = await LoopbackServer.StartAsync(flaky.AnswerAsync);
        await using var gateway = await StartAsync("EventFunction", $""" "Address": "{function.Address}" """);

        using var answer = await gateway.Client.PutAsync(new Uri(gateway.Address, "/"), new StringContent(new string('x', 100_000)));

        Assert.Equal(("done", 3), (await answer.Content.ReadAsStringAsync(), flaky.Calls));
        Assert.True(flaky.Bodies[0].Length > 100_000);
        Assert.All(flaky.Bodies, body => Assert.Equal(flaky.Bodies[0], body));
    }

    [Theory]
    [InlineData("WebFunction", Fast)]
    [InlineData("EventFunction", Fast)]
    [InlineData("EventFunction", "")]
    public async Task Status_OfAPost_IsPassedOnAtOnce(string type, string options)
    {
        var flaky = new FlakyBackend(1);
        await using var function = await LoopbackServer.StartAsync(flaky.AnswerAsync);
        await using var gateway = await StartAsync(type, $""" "Address": "{function.Address}" """, options);

        using var answer = await gateway.Client.PostAsync(new Uri(gateway.Address, "/"), new StringContent("order"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (answer.StatusCode, flaky.Calls));
    }

    [Fact]
    public async Task Status_OfAPostThatTheOperatorOptsIn_IsTriedAgain()
    {
        var flaky = new FlakyBackend(1);
        await using var function = await LoopbackServer.StartAsync(flaky.AnswerAsync);
        await using var gateway = await StartAsync(
            "EventFunction", $""" "Address": "{function.Address}" """, """ "Retry": { "Methods": [ "POST" ], "Delay": "1ms" } """);

        using var answer = await gateway.Client.PostAsync(new Uri(gateway.Address, "/"), new StringContent("order"));

        Assert.Equal((HttpStatusCode.OK, 2), (answer.StatusCode, flaky.Calls));
    }

    [Fact]
    public async Task Body_ThatStreams_IsSentOnce()
    {
        var flaky = new FlakyBackend(1);
        await using var function = await LoopbackServer.StartAsync(flaky.AnswerAsync);
        await using var gateway = await StartAsync("WebFunction", $""" "Address": "{function.Address}" """);

        using var answer = await gateway.Client.PutAsync(new Uri(gateway.Address, "/"), new StringContent("streamed"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (answer.StatusCode, flaky.Calls));
    }

    [Fact]
    public async Task Status_ThatStays_IsTheLastAnswer()
    {
        var flaky = new FlakyBackend(9);
        await using var function = await LoopbackServer.StartAsync(flaky.AnswerAsync);
        await using var gateway = await StartAsync("WebFunction", $""" "Address": "{function.Address}" """);

        using var answer = await gateway.Client.GetAsync(new Uri(gateway.Address, "/"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not now", 3), (answer.StatusCode, await answer.Content.ReadAsStringAsync(), flaky.Calls));
    }

    /// <summary>TO-12: nothing was sent, so the method does not matter, and the body that was not begun goes out whole.</summary>
    [Theory]
    [InlineData("WebFunction", "")]
    [InlineData("EventFunction", "")]
    [InlineData("WebFunction", Fast)]
    public async Task Connection_ThatCannotBeMade_IsTriedAtTheNextAddress(string type, string options)
    {
        var flaky = new FlakyBackend(0);
        await using var function = await LoopbackServer.StartAsync(flaky.AnswerAsync);
        using var dead = new DeadAddress();
        await using var gateway = await StartAsync(type, At(dead.Address, function.Address + "/base/"), options);

        using var answer = await gateway.Client.PostAsync(new Uri(gateway.Address, "/a%2Db?c=%7e"), new StringContent("streamed"));

        Assert.Equal((HttpStatusCode.OK, 1), (answer.StatusCode, flaky.Calls));
        Assert.Contains(type == "WebFunction" ? "streamed" : Convert.ToBase64String("streamed"u8), flaky.Bodies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Target_AtTheNextAddress_IsByteForByteTheSame()
    {
        var target = "";
        await using var function = await LoopbackServer.StartAsync(context =>
        {
            target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            return Task.CompletedTask;
        });
        using var dead = new DeadAddress();
        await using var gateway = await StartAsync("WebFunction", At(dead.Address, function.Address + "/base/"), "");

        var answer = await RawHttp.SendAsync(gateway.Address, "GET /a%2Db/%7e?c=%2F+d HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal((200, "/base/a%2Db/%7e?c=%2F+d"), (answer.Status, target));
    }

    [Fact]
    public async Task Connections_ThatCannotBeMadeAnywhere_AreOneRefusal()
    {
        using var one = new DeadAddress();
        using var other = new DeadAddress();
        await using var gateway = await StartAsync("WebFunction", At(one.Address, other.Address));

        var answer = await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal((504, "D504CO"), (answer.Status, answer.Header("X-Ca-Error-Code")));
    }

    [Theory]
    [InlineData("GET", 3)]
    [InlineData("POST", 1)]
    public async Task Connection_ThatBreaksBeforeAnAnswer_IsTriedAgainWhereTheMethodMay(string method, int expected)
    {
        var calls = 0;
        await using var function = await LoopbackServer.StartAsync(context =>
        {
            Interlocked.Increment(ref calls);
            context.Abort();
            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync("EventFunction", $""" "Address": "{function.Address}" """);

        var answer = await RawHttp.SendAsync(gateway.Address, $"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal((502, "N502RE", expected), (answer.Status, answer.Header("X-Ca-Error-Code"), calls));
    }

    /// <summary>The deadline of an event call covers all its tries.</summary>
    [Fact]
    public async Task Deadline_OfAnEventCall_EndsItsTries()
    {
        var flaky = new FlakyBackend(99);
        await using var function = await LoopbackServer.StartAsync(flaky.AnswerAsync);
        await using var gateway = await StartAsync(
            "EventFunction", $""" "Address": "{function.Address}" """, """ "Retry": { "Delay": "20s", "MaxDelay": "40s" } """, "300ms");

        var answer = await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal((503, "D503TO"), (answer.Status, answer.Header("X-Ca-Error-Code")));
        Assert.Equal(1, flaky.Calls);
    }

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("POST", 504)]
    public async Task Try_ThatIsSilent_LeavesTimeForAnotherAddressUnlessItIsAPost(string method, int status)
    {
        await using var silent = await LoopbackServer.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var flaky = new FlakyBackend(0);
        await using var function = await LoopbackServer.StartAsync(flaky.AnswerAsync);
        await using var gateway = await StartAsync(
            "WebFunction",
            At(silent.Address, function.Address),
            """ "Retry": { "AttemptTimeout": "100ms", "Delay": "1ms", "Methods": [ "GET", "POST" ] } """,
            "700ms");

        var answer = await RawHttp.SendAsync(gateway.Address, $"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(status, answer.Status);
    }

    /// <summary>TO-11: an upgrade is never tried again.</summary>
    [Fact]
    public async Task WebSocketHandshake_ThatFails_IsTriedOnce()
    {
        var flaky = new FlakyBackend(1);
        await using var function = await LoopbackServer.StartAsync(flaky.AnswerAsync);
        await using var gateway = await StartAsync("WebFunction", $""" "Address": "{function.Address}" """);

        var answer = await RawHttp.SendAsync(
            gateway.Address,
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        Assert.Equal((503, 1), (answer.Status, flaky.Calls));
    }

    /// <summary>After the first byte the answer is the client's, broken or not.</summary>
    [Fact]
    public async Task Answer_ThatBreaksOff_IsNotTriedAgain()
    {
        var calls = 0;
        var headSeen = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            Interlocked.Increment(ref calls);
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
            await headSeen.Task;
            context.Abort();
        });
        await using var gateway = await StartAsync("WebFunction", $""" "Address": "{function.Address}" """);

        using var answer = await gateway.Client.GetAsync(new Uri(gateway.Address, "/"), HttpCompletionOption.ResponseHeadersRead);
        headSeen.SetResult();
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync());

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Signature_OfATriedCall_IsMadeAnew()
    {
        var nonces = new List<string>();
        await using var function = await LoopbackServer.StartAsync(context =>
        {
            lock (nonces)
            {
                nonces.Add(context.Request.Headers["x-acs-signature-nonce"].ToString());
                context.Response.StatusCode = nonces.Count < 3 ? 503 : 200;
            }

            return context.Response.WriteAsync("""{"statusCode":200}""");
        });
        await using var gateway = await StartAsync(
            "EventFunction", $""" "Address": "{function.Address}" """, Fast + """, "Credentials": { "AccessKeyId": "id", "AccessKeySecret": "secret" } """);

        await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/"));

        Assert.Equal(3, nonces.Distinct().Count());
    }
}
