using System.Text;

namespace Gateway.LocalFunctions.Tests.NodeJs;

public sealed class NodeJsHooksTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("(context, callback) => { count++; setImmediate(callback, null, '') }")]
    [InlineData("(context) => { count++ }")]
    [InlineData("async (context) => { count++ }")]
    public async Task Initializer_AnyKind_RunsOnceBeforeTheFirstEvent(string initializer)
    {
        await using var function = await NodeFunction.StartAsync(
            $"let count = 0; exports.init = {initializer}; exports.handler = async () => count", new LocalFunctionOptions { Initializer = "index.init" });

        Assert.Equal("1", await function.AnswerAsync());
        Assert.Equal("1", await function.AnswerAsync());
    }

    [Theory]
    [InlineData("(context, callback) => callback(new Error('no database'))", "HandledInvocationError")]
    [InlineData("() => { throw new Error('no database') }", "UnhandledInvocationError")]
    [InlineData("async () => { throw new Error('no database') }", "UnhandledInvocationError")]
    public async Task Initializer_Fails_EachCallSaysSoAndTriesAgain(string initializer, string type)
    {
        await using var function = await NodeFunction.StartAsync(
            $"exports.init = {initializer}; exports.handler = async () => 'ok'", new LocalFunctionOptions { Initializer = "index.init" });

        Assert.Contains("\"errorMessage\":\"no database\"", await function.FailAsync(type), StringComparison.Ordinal);
        Assert.Contains("\"errorMessage\":\"no database\"", await function.FailAsync(type), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PreStop_HostStops_RunsBeforeTheProcessEnds()
    {
        var function = await NodeFunction.StartAsync(
            "exports.handler = async () => 'ok'; exports.stop = (context, callback) => { console.log('closing'); setImmediate(callback, null, ''); }",
            new LocalFunctionOptions { PreStop = "index.stop" });
        await using (function)
        {
            await function.AnswerAsync();
        }

        Assert.Contains(function.Log.Messages, static message => message.EndsWith("closing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_Tail_IsTheCallsOwnLines()
    {
        await using var function = await NodeFunction.StartAsync(
            "exports.init = async () => console.log('warming up'); exports.handler = async (event) => { console.log(`for ${event}`); if (event == '3') throw 'no' }",
            new LocalFunctionOptions { Initializer = "index.init" });

        var (id1, first) = await TailAsync(function, "1");
        var (id2, second) = await TailAsync(function, "2");
        var (id3, third) = await TailAsync(function, "3");

        Assert.Equal(
            $"FC Initialize Start RequestId: {id1}\nwarming up\nFC Initialize End RequestId: {id1}\n"
                + $"FC Invoke Start RequestId: {id1}\nfor 1\nFC Invoke End RequestId: {id1}\n",
            first);
        Assert.Equal($"FC Invoke Start RequestId: {id2}\nfor 2\nFC Invoke End RequestId: {id2}\n", second);
        Assert.StartsWith($"FC Invoke Start RequestId: {id3}\n", third, StringComparison.Ordinal);
        Assert.EndsWith($"FC Invoke End RequestId: {id3}, Error: Unhandled function error\n", third, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_TailOfMuch_IsItsLast4KB()
    {
        await using var function = await NodeFunction.StartAsync("exports.handler = async () => { for (let i = 0; i < 5000; i++) console.log('üü' + i); }");

        var (id, tail) = await TailAsync(function, "");

        Assert.InRange(Encoding.UTF8.GetByteCount(tail), 4090, 4096);
        Assert.EndsWith($"\nüü4999\nFC Invoke End RequestId: {id}\n", tail, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', tail);
    }

    [Fact]
    public async Task Log_ManyCalls_EveryLineHasItsCallsId()
    {
        await using var function = await NodeFunction.StartAsync("exports.handler = async (event) => { for (let i = 0; i < 20; i++) console.log(`${event}.${i}`); }");
        var ids = new List<string>();
        for (var call = 0; call < 30; call++)
        {
            using var response = await function.InvokeAsync($"call{call}");
            ids.Add(TestFunctions.Header(response, "X-Fc-Request-Id"));
        }

        await function.Log.WaitForAsync("call29.19");
        var expected = from call in Enumerable.Range(0, 30) from line in Enumerable.Range(0, 20) select $"f {ids[call]} call{call}.{line}";
        Assert.Equal(expected, function.Log.Messages);
    }

    private static async Task<(string RequestId, string Tail)> TailAsync(NodeFunction function, string eventText)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, function.Host.InvokeAddress("f")) { Content = new StringContent(eventText) };
        request.Headers.Add("X-Fc-Log-Type", "Tail");
        using var response = await client.SendAsync(request, Cancel);
        return (TestFunctions.Header(response, "X-Fc-Request-Id"), Encoding.UTF8.GetString(Convert.FromBase64String(TestFunctions.Header(response, "X-Fc-Log-Result"))));
    }
}
