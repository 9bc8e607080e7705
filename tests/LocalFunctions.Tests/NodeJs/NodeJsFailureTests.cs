using System.Text.Json;

namespace Gateway.LocalFunctions.Tests.NodeJs;

public sealed class NodeJsFailureTests
{
    private const string Handled = "HandledInvocationError";
    private const string Unhandled = "UnhandledInvocationError";
    private static readonly LocalFunctionOptions Hasty = new() { Timeout = TimeSpan.FromMilliseconds(700) };

    [Theory]
    [InlineData("callback('text')", """{"errorMessage":"text"}""")]
    [InlineData("callback({ code: 7 })", """{"errorMessage":"{\"code\":7}"}""")]
    [InlineData("callback(7)", """{"errorMessage":"7"}""")]
    public async Task Callback_ErrorThatIsNone_IsItsMessageAlone(string body, string expected)
    {
        await using var function = await NodeFunction.StartAsync($"exports.handler = (event, context, callback) => {body}");

        Assert.Equal(expected, await function.FailAsync(Handled));
    }

    [Theory]
    [InlineData("callback(new TypeError('bad'))", Handled)]
    [InlineData("throw new TypeError('bad')", Unhandled)]
    [InlineData("return Promise.reject(new TypeError('bad'))", Unhandled)]
    [InlineData("setImmediate(() => { throw new TypeError('bad') })", Unhandled)]
    [InlineData("setImmediate(() => Promise.reject(new TypeError('bad')))", Unhandled)]
    public async Task Handler_Error_HasMessageTypeAndStack(string body, string type)
    {
        await using var function = await NodeFunction.StartAsync(
            $$"""exports.handler = (event, context, callback) => { if (event == 'ok') callback(null, 'ok'); else { {{body}} } }""");

        var error = JsonElement.Parse(await function.FailAsync(type));

        Assert.Equal("bad", error.GetProperty("errorMessage").GetString());
        Assert.Equal("TypeError", error.GetProperty("errorType").GetString());
        Assert.Equal("TypeError: bad", error.GetProperty("stackTrace")[0].GetString());
        Assert.Contains("index.js", error.GetProperty("stackTrace")[1].GetString(), StringComparison.Ordinal);
        Assert.Equal("ok", await function.AnswerAsync("ok"));
    }

    [Theory]
    [InlineData("const a = {}; a.a = a; callback(null, a)", "circular")]
    [InlineData("callback(null, { a: 1n })", "BigInt")]
    [InlineData("setImmediate(() => Promise.reject('only text'))", "only text")]
    public async Task Handler_ResultThatCannotBe_IsUnhandled(string body, string message)
    {
        await using var function = await NodeFunction.StartAsync($"exports.handler = (event, context, callback) => {{ {body} }}");

        Assert.Contains(message, JsonElement.Parse(await function.FailAsync(Unhandled)).GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other.handler", "", "Cannot find module '{0}/other'", "Error")]
    [InlineData("index.missing", "exports.handler = 1", "Handler 'missing' missing on module 'index'", "Error")]
    [InlineData("index.handler", "exports.handler = 1", "Handler 'handler' missing on module 'index'", "Error")]
    [InlineData("index.handler", "module.exports = null", "Handler 'handler' missing on module 'index'", "Error")]
    [InlineData("index.handler", "exports.handler = (", "Unexpected end of input", "SyntaxError")]
    [InlineData("index.handler", "throw new RangeError('at load')", "at load", "RangeError")]
    [InlineData("index.handler", "throw 'text'", "text", null)]
    [InlineData("index.handler", "require('no-such-package')", "Cannot find module 'no-such-package'", "Error")]
    public async Task Load_Fails_SaysWhyAndWorksOnceMended(string handler, string code, string message, string? type)
    {
        await using var function = await NodeFunction.StartAsync(code, new LocalFunctionOptions { Handler = handler });

        var error = JsonElement.Parse(await function.FailAsync(Unhandled));

        Assert.StartsWith(message.Replace("{0}", function.Code.FullPath, StringComparison.Ordinal), error.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        Assert.Equal(type, error.TryGetProperty("errorType", out var errorType) ? errorType.GetString() : null);
        function.Code.Write("index.js", "exports.handler = exports.missing = async () => 'mended'");
        function.Code.Write("other.js", "exports.handler = async () => 'mended'");
        Assert.Equal("mended", await function.AnswerAsync());
    }

    [Theory]
    [InlineData("process.exit(0)")]
    [InlineData("process.kill(process.pid, 'SIGKILL')")]
    [InlineData("process.abort()")]
    public async Task Handler_EndsItsProcess_IsUnhandledAndTheNextCallWorks(string body)
    {
        await using var function = await NodeFunction.StartAsync($"exports.handler = async (event) => {{ if (event != 'ok') {body}; return 'ok'; }}");

        var error = JsonElement.Parse(await function.FailAsync(Unhandled));

        Assert.Matches(
            @"^Process exited unexpectedly before completing request \(duration: \d+ms, maxMemoryUsage: [1-9]\d*MB\)$", error.GetProperty("errorMessage").GetString());
        Assert.False(error.TryGetProperty("errorType", out _));
        Assert.Equal("ok", await function.AnswerAsync("ok"));
    }

    [Fact]
    public async Task Load_EndsTheProcess_IsUnhandled()
    {
        await using var function = await NodeFunction.StartAsync("process.exit(7)");

        Assert.Contains("Process exited unexpectedly", await function.FailAsync(Unhandled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return new Promise(() => {})")]
    [InlineData("for (;;);")]
    [InlineData("return;")]
    public async Task Handler_OutlastsItsTimeout_IsUnhandledAndTheNextCallWorks(string body)
    {
        await using var function = await NodeFunction.StartAsync(
            $"exports.handler = (event, context, callback) => {{ if (event == 'ok') callback(null, 'ok'); else {{ {body} }} }}", Hasty);

        Assert.Equal("""{"errorMessage":"Function timed out after 0.7 seconds"}""", await function.FailAsync(Unhandled));
        function.Apply(function.Options with { Timeout = TimeSpan.FromMinutes(1) });
        Assert.Equal("ok", await function.AnswerAsync("ok"));
    }

    [Fact]
    public async Task Handler_Returns50MB_IsUnhandledAndTheNextCallWorks()
    {
        await using var function = await NodeFunction.StartAsync("exports.handler = async (event) => event == 'ok' ? 'ok' : Buffer.alloc(50 << 20)");

        Assert.Equal("""{"errorMessage":"the result is 52428800 bytes long; 33554432 is the most"}""", await function.FailAsync(Unhandled));
        Assert.Equal("ok", await function.AnswerAsync("ok"));
    }

    [Fact]
    public async Task Handler_Writes100MBToStdout_StillAnswers()
    {
        await using var function = await NodeFunction.StartAsync(
            "const block = Buffer.alloc(1 << 20, 'x'); exports.handler = async () => { for (let i = 0; i < 100; i++) process.stdout.write(block); return 'ok'; }");

        Assert.Equal("ok", await function.AnswerAsync());
        Assert.All(function.Log.Messages, static message => Assert.InRange(message.Length, 0, 20_000));
    }

    [Fact]
    public async Task Handler_LeavesChildrenBehind_AllEndWithTheProcess()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "children that left their parent are found on Linux only");
        await using var function = await NodeFunction.StartAsync(
            """
            const { spawn, execFileSync } = require('node:child_process');
            exports.handler = async () => {
              execFileSync('/bin/sh', ['-c', '(setsid sleep 1000 </dev/null >/dev/null 2>&1 &)']);
              spawn('sleep', ['1000'], { detached: true, stdio: 'inherit' }).unref();
              return 'ok';
            };
            """);

        Assert.Equal("ok", await function.AnswerAsync());

        Assert.Equal(3, function.Code.FindProcesses().Count); // All gone once disposed of: the folder looks.
    }

    [Fact]
    public async Task Callback_OfAnEarlierCall_DoesNotAnswerTheNext()
    {
        await using var function = await NodeFunction.StartAsync(
            """
            let late;
            exports.handler = (event, context, callback) => {
              if (late) { late(null, 'late'); late('late'); callback(null, 'own'); }
              else { late = callback; callback(null, 'first'); }
            };
            """);

        Assert.Equal("first", await function.AnswerAsync());
        Assert.Equal("own", await function.AnswerAsync());
    }
}
