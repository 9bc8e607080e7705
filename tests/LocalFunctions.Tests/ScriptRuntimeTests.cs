using CsCheck;
using Gateway.TestSupport;

namespace Gateway.LocalFunctions.Tests;

/// <summary>What must hold for every runtime whose handlers are scripts. Each has the same functions among its fixtures.</summary>
public abstract class ScriptRuntimeTests(LocalRuntime runtime, string folder)
{
    [Fact]
    public async Task Result_BytesOrText_IsSentAsItIs()
    {
        await using var host = await StartAsync("calls.handler");

        Assert.Equal([0, 0xff, 0x1e, (byte)'\n'], (await host.InvokeAsync("bytes")).Body);
        Assert.Equal("grün", (await host.InvokeAsync("text")).Text);
    }

    [Fact]
    public async Task Result_AnythingElse_IsJson()
    {
        await using var host = await StartAsync("calls.handler");

        Assert.Equal("1.5", (await host.InvokeAsync("number")).Text);
        Assert.Equal("null", (await host.InvokeAsync("nothing")).Text);
        var map = (await host.InvokeAsync("map")).Json;
        Assert.Equal("ü/", map.GetProperty("a").GetString());
        Assert.Equal(3, map.GetProperty("b").GetArrayLength());
    }

    [Theory]
    [InlineData("unserializable")]
    [InlineData("half_character")]
    public async Task Result_CannotBeWritten_IsAFunctionErrorAndTheProcessGoesOn(string what)
    {
        await using var host = await StartAsync("calls.handler");

        Assert.NotEmpty((await host.InvokeAsync(what)).ErrorMessage);
        Assert.Equal("2", (await host.InvokeAsync("count")).Text);
    }

    [Fact]
    public async Task Event_AnyBytes_ReachTheHandlerAsTheyAre()
    {
        await using var host = await StartAsync("echo.handler");

        await Gen.Byte.Array[0, 2000].SampleAsync(
            async bytes => Assert.Equal(bytes, (await host.InvokeAsync(bytes)).Body),
            iter: 50,
            threads: 1);
        var large = new byte[5_000_000];
        Random.Shared.NextBytes(large);
        Assert.Equal(large, (await host.InvokeAsync(large)).Body);
    }

    [Fact]
    public async Task Context_OfACall_NamesRequestFunctionAndCredentials()
    {
        await using var host = await StartAsync("calls.handler", static options => options with
        {
            Timeout = TimeSpan.FromMilliseconds(12_345),
            Environment = new Dictionary<string, string>
            {
                ["OWN"] = "value",
                ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "id",
                ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "secret",
                ["ALIBABA_CLOUD_SECURITY_TOKEN"] = "token",
            },
        });

        var answer = await host.InvokeAsync("context");

        var expected = $$"""
            {"requestId":"{{answer.RequestId}}","keyId":"id","secret":"secret","token":"token","name":"tested","handler":"calls.handler","memory":512,
            "timeout":13,"qualifier":"LATEST","versionId":"LATEST","region":"local","accountId":"0","own":"value","secretsOfTheHost":[]}
            """;
        Assert.Equal(expected.ReplaceLineEndings(""), answer.Text.Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handler_InAFolderBelow_IsFoundWithWhatItLoads()
    {
        await using var host = await StartAsync("src/app/index.handler");

        Assert.Equal("from below", (await host.InvokeAsync("")).Text);
    }

    [Fact]
    public async Task Initializer_OfAProcess_RunsOnceBeforeItsFirstCall()
    {
        await using var host = await StartAsync("hooks.handler", static options => options with { Initializer = "hooks.initializer" });

        var first = await host.InvokeAsync("");
        var second = await host.InvokeAsync("");

        Assert.Equal($"initialized by {first.RequestId} for {first.RequestId}", first.Text);
        Assert.Equal($"initialized by {first.RequestId} for {second.RequestId}", second.Text);
    }

    [Fact]
    public async Task Initializer_Throws_IsTheCallsErrorEveryTime()
    {
        await using var host = await StartAsync("hooks.handler", static options => options with { Initializer = "hooks.broken" });

        Assert.Equal("no database", (await host.InvokeAsync("")).ErrorMessage);
        Assert.Equal("no database", (await host.InvokeAsync("")).ErrorMessage);
    }

    [Fact]
    public async Task PreStop_OfAWarmProcess_RunsWhenTheHostStops()
    {
        var host = await StartAsync("hooks.handler", options => options with { PreStop = runtime == LocalRuntime.Php ? "hooks.preStop" : "hooks.pre_stop" });
        await using (host)
        {
            await host.InvokeAsync("");
        }

        Assert.Contains(host.Log, static line => line.EndsWith("pre-stop while cold", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Output_OfACall_IsLoggedWithItsIdAndIsNoResult()
    {
        await using var host = await StartAsync("calls.handler");

        var answer = await host.InvokeAsync("write");

        Assert.Equal("answer", answer.Text);
        foreach (var line in (string[])["one line", "from the right", "{\"statusCode\":200}"])
        {
            Assert.Contains($"{ProcessHost.Function} {answer.RequestId} {line}", host.Log);
            Assert.Contains(line + "\n", answer.Log, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("close_streams")]
    [InlineData("child")]
    [InlineData("fork")]
    public async Task Handler_DisturbsItsProcess_AnswersStillAndTheNextCallWorks(string what)
    {
        await using var host = await StartAsync("calls.handler");

        var answer = await host.InvokeAsync(what);

        Assert.Equal("answer", answer.Text);
        Assert.Null(answer.ErrorType);
        Assert.Equal("2", (await host.InvokeAsync("count")).Text);
    }

    [Theory]
    [InlineData("exit")]
    [InlineData("die")]
    public async Task Handler_EndsItsProcess_IsAnErrorAndTheNextCallGetsANewOne(string what)
    {
        await using var host = await StartAsync("calls.handler");

        var message = (await host.InvokeAsync(what)).ErrorMessage;

        Assert.StartsWith("Process exited unexpectedly before completing request (duration: ", message, StringComparison.Ordinal);
        Assert.Equal("1", (await host.InvokeAsync("count")).Text);
    }

    [Fact]
    public async Task File_ExitsWhileItIsLoaded_IsAnError()
    {
        await using var host = await StartAsync("exits.handler");

        var answer = await host.InvokeAsync("");

        Assert.StartsWith("Process exited unexpectedly", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("not today", answer.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_Hangs_IsCutOffAndTheNextCallGetsANewProcess()
    {
        await using var host = await StartAsync("calls.handler", static options => options with { Timeout = TimeSpan.FromSeconds(1) });

        Assert.Equal("Function timed out after 1 seconds", (await host.InvokeAsync("hang")).ErrorMessage);
        Assert.Equal("1", (await host.InvokeAsync("count")).Text);
    }

    [Fact]
    public async Task Handler_ReturnsFiftyMegabytes_IsRefusedAndTheNextCallWorks()
    {
        await using var host = await StartAsync("calls.handler");

        Assert.Contains("52428800", (await host.InvokeAsync("large")).ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("1", (await host.InvokeAsync("count")).Text);
    }

    [Fact]
    public async Task Code_Saved_RunsOnTheNextCall()
    {
        var code = Directory.CreateTempSubdirectory("scripts-");
        try
        {
            var file = Path.Combine(code.FullName, "echo" + Extension);
            var source = await File.ReadAllTextAsync(PathOf($"{folder}/answer{Extension}"));
            await File.WriteAllTextAsync(file, source);
            await using var host = await StartAsync("echo.handler", options => options with { Code = code.FullName });
            Assert.Equal("first", (await host.InvokeAsync("")).Text);

            await File.WriteAllTextAsync(file, source.Replace("first", "other", StringComparison.Ordinal)); // As long as before, and in the same second.

            Assert.Equal("other", (await host.InvokeAsync("")).Text);
        }
        finally
        {
            code.Delete(recursive: true);
        }
    }

    private string Extension => runtime == LocalRuntime.Php ? ".php" : ".py";

    private protected static string PathOf(string fixture)
        => Path.Combine(Repository.Root, "tests", "LocalFunctions.Tests", "Fixtures", fixture);

    private protected Task<ProcessHost> StartAsync(string handler, Func<LocalFunctionOptions, LocalFunctionOptions>? change = null)
    {
        var options = new LocalFunctionOptions { Runtime = runtime, Code = folder, Handler = handler };
        return ProcessHost.StartAsync(change?.Invoke(options) ?? options);
    }
}
