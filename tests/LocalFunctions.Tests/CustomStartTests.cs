using System.Net;

namespace Gateway.LocalFunctions.Tests;

public sealed class CustomStartTests
{
    [Fact]
    public async Task Start_NoBootstrap_IsAFileNotFound()
    {
        await using var function = await CustomFolder.StartEmptyAsync();
        function.Apply(new LocalFunctionOptions { Code = function.Path });

        await AssertNotStartedAsync(function, "CAFileNotFound", $"there is no file {Path.Combine(function.Path, "bootstrap")}");
    }

    [Fact]
    public async Task Start_BootstrapIsNotExecutable_IsToldWithTheRemedy()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows knows no executable bit.");
        await using var function = await CustomFolder.StartEmptyAsync();
        var bootstrap = function.Write("bootstrap", "#!/bin/sh\n");
        function.Apply(new LocalFunctionOptions { Code = function.Path });

        await AssertNotStartedAsync(function, "CAFileNotFound", $"Run: chmod +x {bootstrap}");
    }

    [Fact]
    public async Task Start_CommandIsNotOnPath_IsAFileNotFound()
    {
        await using var function = await CustomFolder.StartEmptyAsync();
        function.Apply(new LocalFunctionOptions { Command = ["no-such-program-here"] });

        await AssertNotStartedAsync(function, "CAFileNotFound", "'no-such-program-here' is not on PATH");
    }

    [Fact]
    public async Task Start_NoFolder_IsAFileNotFound()
    {
        await using var function = await CustomFolder.StartEmptyAsync();
        function.Apply(new LocalFunctionOptions { Code = Path.Combine(function.Path, "none") });

        await AssertNotStartedAsync(function, "CAFileNotFound", "there is no folder");
    }

    [Fact]
    public async Task Start_ProcessEndsFirst_IsToldWithItsExitCodeAndOutput()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is for a Unix shell.");
        await using var function = await CustomFolder.StartEmptyAsync();
        function.Write("bootstrap", "#!/bin/sh\necho no luck >&2\nexit 7\n", isExecutable: true);
        function.Apply(new LocalFunctionOptions { Code = function.Path });

        await AssertNotStartedAsync(function, "CAExited", "ended with exit code 7 before it was ready. no luck");
    }

    [Fact]
    public async Task Output_ControlsAndLinesLikeTheLogsOwn_AreShownAndForgeNothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is for a Unix shell.");
        await using var function = await CustomFolder.StartEmptyAsync();
        function.Write("bootstrap", "#!/bin/sh\nprintf '\\033[2Jred\\r\\a\\342\\200\\256\\tend\\n12:00:00 info forged\\n'\nexit 7\n", isExecutable: true);
        function.Apply(new LocalFunctionOptions { Code = function.Path });

        using var response = await function.InvokeAsync("{}");

        const string Shown = @"\x1b[2Jred\x0d\x07\u202e" + "\tend";
        Assert.EndsWith(' ' + Shown, await function.Log.WaitForAsync("[2J"), StringComparison.Ordinal);
        Assert.EndsWith($" was ready. {Shown}\n    12:00:00 info forged", await function.Log.WaitForAsync("cannot be started"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_CodeIsMended_WorksOnTheNextCall()
    {
        await using var function = await CustomFolder.StartAsync();
        var code = function.Write("server.js", "syntax error(");
        await AssertNotStartedAsync(function, "CAExited", "SyntaxError");

        await File.WriteAllTextAsync(code, CustomServerCode.Text, TestContext.Current.CancellationToken);

        Assert.Equal("/invoke", (await function.AnswerAsync("{}")).GetProperty("url").GetString());
    }

    /// <summary>Both ways to call say the same.</summary>
    private static async Task AssertNotStartedAsync(CustomFolder function, string code, string message)
    {
        using var invoked = await function.InvokeAsync("{}");
        using var client = new HttpClient();
        using var web = await client.GetAsync(function.WebAddress + "/", TestContext.Current.CancellationToken);

        Assert.Equal([HttpStatusCode.PreconditionFailed, HttpStatusCode.BadGateway], [invoked.StatusCode, web.StatusCode]);
        foreach (var response in new[] { invoked, web })
        {
            var error = await response.ReadJsonAsync();
            Assert.Equal(code, error.GetProperty("Code").GetString());
            Assert.Contains(message, error.GetProperty("Message").GetString(), StringComparison.Ordinal);
            Assert.Equal(TestFunctions.Header(response, "X-Fc-Request-Id"), error.GetProperty("RequestId").GetString());
        }
    }
}
