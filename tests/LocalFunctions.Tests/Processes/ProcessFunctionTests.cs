using System.Diagnostics;
using System.Globalization;
using System.Net;
using Gateway.LocalFunctions.Invocations;
using Gateway.LocalFunctions.Processes;
using Gateway.LocalFunctions.Tests.NodeJs;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.LocalFunctions.Tests.Processes;

public sealed class ProcessFunctionTests
{
    private const string AnswerPid = "exports.handler = async () => process.pid";
    private const string PassAndAnswerPid = Gate.NodeJs + "exports.handler = async () => { await pass(); return process.pid; }";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Invoke_OneAfterTheOther_ReusesTheProcessUntilTheCodeChanges()
    {
        await using var function = await NodeFunction.StartAsync(AnswerPid);

        var first = await function.AnswerAsync();
        Assert.Equal(first, await function.AnswerAsync());
        function.Code.Write("lib/other.js", "// a file beside it");
        var second = await function.AnswerAsync();
        Assert.NotEqual(first, second);
        function.Code.Write("node_modules/x/index.js", "// fetched by a tool");
        function.Code.Write(".git/index", "hidden");
        Assert.Equal(second, await function.AnswerAsync());
        function.Code.Write("index.js", "exports.handler = async () => 'edited'");
        Assert.Equal("edited", await function.AnswerAsync());
    }

    [Fact]
    public async Task Invoke_ProcessDiedBetweenCalls_IsAColdStartAndNoError()
    {
        await using var function = await NodeFunction.StartAsync(AnswerPid);
        var first = await function.AnswerAsync();
        using var process = Process.GetProcessById(int.Parse(first, CultureInfo.InvariantCulture));

        process.Kill();
        await process.WaitForExitAsync(Cancel);

        Assert.NotEqual(first, await function.AnswerAsync());
    }

    [Fact]
    public async Task Invoke_ProcessDiesAndItsChildKeepsTheConnection_FailsAtOnce()
    {
        // The child gets the worker's own socket, as a forked one does.
        await using var function = await NodeFunction.StartAsync(
            """
            exports.handler = async () => {
              const { fd } = process._getActiveHandles().find((handle) => handle.remotePort)._handle;
              require('node:child_process').spawn('sleep', ['1000'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
              process.kill(process.pid, 'SIGKILL');
              await new Promise(() => {});
            };
            """);

        var failure = await function.FailAsync("UnhandledInvocationError").WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.StartsWith("{\"errorMessage\":\"Process exited unexpectedly", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_Overlapping_RunsInProcessesOfTheirOwnUpToConcurrency()
    {
        using var gate = new Gate();
        await using var function = await NodeFunction.StartAsync(PassAndAnswerPid, new LocalFunctionOptions { Concurrency = 2, Environment = gate.Environment });

        var calls = new[] { function.AnswerAsync(), function.AnswerAsync() };
        using var first = await gate.ArriveAsync();
        using var second = await gate.ArriveAsync();
        using var third = await function.InvokeAsync();
        await Gate.OpenAsync(first);
        await Gate.OpenAsync(second);

        Assert.Equal(2, (await Task.WhenAll(calls)).Distinct().Count());
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal("ResourceExhausted", (await third.ReadJsonAsync()).GetProperty("Code").GetString());
        Assert.Equal(2, function.Code.FindProcesses().Count);
    }

    [Fact]
    public async Task Invoke_CallerGone_GoesOnToItsEnd()
    {
        using var gate = new Gate();
        await using var function = await NodeFunction.StartAsync(
            Gate.NodeJs + "exports.handler = async () => { await pass(); console.log('done after all'); }", new LocalFunctionOptions { Environment = gate.Environment });
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var client = new HttpClient();

        var call = client.PostAsync(function.Host.InvokeAddress("f"), content: null, leave.Token);
        using var arrived = await gate.ArriveAsync();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Gate.OpenAsync(arrived);

        await function.Log.WaitForAsync("done after all");
    }

    [Fact]
    public async Task Invoke_Async_IsAcceptedAtOnceAndRuns()
    {
        await using var function = await NodeFunction.StartAsync("exports.handler = async (event) => console.log(`got ${event}`)");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, function.Host.InvokeAddress("f")) { Content = new StringContent("it") };
        request.Headers.Add("X-Fc-Invocation-Type", "Async");

        using var response = await client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("", await response.ReadTextAsync());
        var line = await function.Log.WaitForAsync("got it");
        Assert.StartsWith($"f {TestFunctions.Header(response, "X-Fc-Request-Id")} ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_CodeNotThere_IsNotStartedAndWarnedOfOnce()
    {
        NodeFunction.NeedNodeJs();
        using var folder = new CodeFolder();
        using var log = new RecordingLoggerFactory();
        await using var host = await TestFunctions.StartAsync();
        var functions = new Dictionary<string, LocalFunctionOptions> { ["f"] = new() { Runtime = LocalRuntime.NodeJs, Code = "none", Handler = "index.handler" } };

        host.Apply(functions, folder.FullPath);
        host.LogTo(log);
        host.Apply(functions, folder.FullPath);
        var warning = Assert.Single(log.Messages);
        using var response = await host.InvokeAsync("f", "{}");

        Assert.Equal($"Local function f cannot be called: there is no folder {folder.FullPath}/none. Create it, or correct Code.", warning);
        Assert.Equal(HttpStatusCode.PreconditionFailed, response.StatusCode);
        Assert.Equal("CAFileNotFound", (await response.ReadJsonAsync()).GetProperty("Code").GetString());
        folder.Write("none/index.js", "exports.handler = async () => 'there'");
        Assert.Equal("there", await (await host.InvokeAsync("f", "{}")).ReadTextAsync());
    }

    [Fact]
    public async Task Apply_OtherOptions_NewCallsSeeThemAndRunningOnesEndWhereTheyBegan()
    {
        using var gate = new Gate();
        await using var function = await NodeFunction.StartAsync(
            Gate.NodeJs + "exports.handler = async (event) => { if (event == 'wait') await pass(); return process.env.SIZE ?? 'none'; }",
            new LocalFunctionOptions { Environment = gate.Environment });

        var running = function.AnswerAsync("wait");
        using var arrived = await gate.ArriveAsync();
        function.Apply(function.Options with { Environment = new Dictionary<string, string> { ["SIZE"] = "large" } });
        Assert.Equal("large", await function.AnswerAsync());
        function.Host.Apply(new Dictionary<string, LocalFunctionOptions>(), function.Code.FullPath);
        using var removed = await function.InvokeAsync();
        await Gate.OpenAsync(arrived);

        Assert.Equal("none", await running);
        Assert.Equal(HttpStatusCode.NotFound, removed.StatusCode);
    }

    [Fact]
    public async Task Dispose_CallInFlight_CutsItOffAtOnce()
    {
        using var gate = new Gate();
        var function = await NodeFunction.StartAsync(PassAndAnswerPid, new LocalFunctionOptions { Environment = gate.Environment });
        var call = function.InvokeAsync();
        using var arrived = await gate.ArriveAsync();

        await function.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task Idle_ForLong_OneProcessStaysWarm()
    {
        NodeFunction.NeedNodeJs();
        using var gate = new Gate();
        using var folder = new CodeFolder();
        folder.Write("index.js", PassAndAnswerPid);
        var time = new FakeTimeProvider();
        await using var processes = new ProcessEnvironment { Time = time };
        var options = new LocalFunctionOptions { Runtime = LocalRuntime.NodeJs, Code = ".", Handler = "index.handler", Environment = gate.Environment };
        await using var function = new ProcessFunction("f", options, folder.FullPath, processes, new HostLog());

        var calls = new[] { function.InvokeAsync(Call(), Cancel), function.InvokeAsync(Call(), Cancel) };
        using var first = await gate.ArriveAsync();
        using var second = await gate.ArriveAsync();
        var both = folder.FindProcesses().Select(static id => Process.GetProcessById(id)).ToList();
        await Gate.OpenAsync(first);
        await Gate.OpenAsync(second);
        await Task.WhenAll(calls);
        time.Advance(TimeSpan.FromMinutes(4));
        Assert.All(both, static process => Assert.False(process.HasExited));
        time.Advance(TimeSpan.FromMinutes(2));

        await Task.WhenAny(both.Select(process => process.WaitForExitAsync(Cancel))).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Single(both, static process => !process.HasExited);
        both.ForEach(static process => process.Dispose());
    }

    [Fact]
    public async Task Initializer_Hangs_FailsTheCallAndEndsTheProcess()
    {
        NodeFunction.NeedNodeJs();
        using var folder = new CodeFolder();
        folder.Write("index.js", "exports.init = (context, callback) => {}; exports.handler = async () => 'ok'");
        await using var processes = new ProcessEnvironment { InitializeTimeout = TimeSpan.FromMilliseconds(500) };
        var options = new LocalFunctionOptions { Runtime = LocalRuntime.NodeJs, Code = ".", Handler = "index.handler", Initializer = "index.init" };
        await using var function = new ProcessFunction("f", options, folder.FullPath, processes, new HostLog());

        var result = await function.InvokeAsync(Call(), Cancel);

        Assert.Equal(InvocationOutcome.UnhandledError, result.Outcome);
        Assert.Equal("""{"errorMessage":"Function timed out after 0.5 seconds"}"""u8, result.Body.Span);
    }

    private static Invocation Call() => new(Guid.NewGuid().ToString(), "f", ReadOnlyMemory<byte>.Empty, WantsLog: false);
}
