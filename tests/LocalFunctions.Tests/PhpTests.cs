namespace Gateway.LocalFunctions.Tests;

public sealed class PhpTests() : ScriptRuntimeTests(LocalRuntime.Php, "php")
{
    [Fact]
    public async Task Handler_Throws_IsAnErrorInTheShapeOfPhp()
    {
        await using var host = await StartAsync("calls.handler");

        var answer = await host.InvokeAsync("throw");

        Assert.Equal("nö \" such", answer.ErrorMessage);
        Assert.Equal("UnexpectedValueException", answer.Json.GetProperty("errorType").GetString());
        var stack = answer.Json.GetProperty("stackTrace");
        Assert.Equal(PathOf("php/calls.php"), stack.GetProperty("file").GetString());
        Assert.Equal(70, stack.GetProperty("line").GetInt32());
        var frames = stack.GetProperty("traceString").GetString()!.Split('\n');
        Assert.Equal(2, frames.Length); // inner and do_throw; the frame that called the handler is ours.
        Assert.EndsWith("calls.php(65): inner()", frames[0], StringComparison.Ordinal);
        Assert.Contains("UnexpectedValueException: nö \" such in ", answer.Log, StringComparison.Ordinal);
        Assert.Equal("2", (await host.InvokeAsync("count")).Text);
    }

    [Theory]
    [InlineData("absent.handler", "absent.php", "File '{0}' does not exist")]
    [InlineData("calls.absent", "calls.php", "Function 'absent' is missing in file 'calls.php'")]
    public async Task Handler_Missing_IsAnErrorThatNamesTheFile(string handler, string file, string message)
    {
        await using var host = await StartAsync(handler);

        var answer = await host.InvokeAsync("");

        var path = PathOf("php/" + file);
        Assert.Equal(message.Replace("{0}", path, StringComparison.Ordinal), answer.ErrorMessage);
        Assert.Equal($$"""{"file":"{{path}}","line":0,"traceString":""}""", answer.Json.GetProperty("stackTrace").GetRawText());
    }

    [Fact]
    public async Task File_SyntaxError_IsAnErrorThatNamesTheLine()
    {
        await using var host = await StartAsync("syntax.handler");

        var answer = await host.InvokeAsync("");

        Assert.StartsWith("syntax error, ", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("ParseError", answer.Json.GetProperty("errorType").GetString());
        Assert.Equal($$"""{"file":"{{PathOf("php/syntax.php")}}","line":4,"traceString":""}""", answer.Json.GetProperty("stackTrace").GetRawText());
    }

    [Theory]
    [InlineData("out_of_memory", "Allowed memory size of 8388608 bytes exhausted", "calls.php")]
    [InlineData("redeclare", "Cannot redeclare handler()", "redeclare.php")]
    public async Task Handler_FatalError_IsAnErrorAndTheNextCallGetsANewProcess(string what, string message, string file)
    {
        await using var host = await StartAsync("calls.handler");

        var answer = await host.InvokeAsync(what);

        Assert.StartsWith(message, answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("Fatal error", answer.Json.GetProperty("errorType").GetString());
        Assert.Equal(PathOf("php/" + file), answer.Json.GetProperty("stackTrace").GetProperty("file").GetString());
        Assert.Equal("1", (await host.InvokeAsync("count")).Text);
    }

    [Fact]
    public async Task Logging_OfTheHandler_ReachesTheLogWithWarningsOfPhp()
    {
        await using var host = await StartAsync("calls.handler");

        var answer = await host.InvokeAsync("log");

        Assert.Equal("answer", answer.Text);
        Assert.Contains("[INFO] informed\n", answer.Log, StringComparison.Ordinal);
        Assert.Contains("[ERROR] erred\n", answer.Log, StringComparison.Ordinal);
        Assert.Contains("noted\n", answer.Log, StringComparison.Ordinal);
        Assert.Single(answer.Log.Split('\n'), static line => line.Contains("Undefined variable $undefined", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Output_LeftInABuffer_BelongsToItsCall()
    {
        await using var host = await StartAsync("calls.handler");

        Assert.Contains("never flushed\n", (await host.InvokeAsync("buffer")).Log, StringComparison.Ordinal);
        Assert.DoesNotContain("never flushed", (await host.InvokeAsync("count")).Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_ExitsButLeavesAChildBehind_IsAnErrorAtOnce()
    {
        await using var host = await StartAsync("calls.handler");

        Assert.StartsWith("Process exited unexpectedly", (await host.InvokeAsync("child_and_exit")).ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("1", (await host.InvokeAsync("count")).Text);
    }
}
