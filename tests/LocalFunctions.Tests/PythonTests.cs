namespace Gateway.LocalFunctions.Tests;

public sealed class PythonTests() : ScriptRuntimeTests(LocalRuntime.Python, "python")
{
    [Fact]
    public async Task Handler_Throws_IsAnErrorInTheShapeOfPython()
    {
        await using var host = await StartAsync("calls.handler");

        var answer = await host.InvokeAsync("throw");

        Assert.Equal("UnhandledInvocationError", answer.ErrorType);
        var file = $"File \\\"{PathOf("python/calls.py")}\\\"";
        Assert.Equal(
            $$"""
            {"errorMessage": "n\u00f6 \" such", "errorType": "ValueError", "stackTrace": [
            ["{{file}}", "line 15", "in handler", "return globals()[\"do_\" + event.decode()](context)"], 
            ["{{file}}", "line 62", "in do_throw", "return inner()"], 
            ["{{file}}", "line 66", "in inner", "raise ValueError(\"n\u00f6 \\\" such\")"]]}
            """.ReplaceLineEndings(""),
            answer.Text);
        Assert.Contains("\nValueError: nö \" such\n", answer.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("worker.py", answer.Log, StringComparison.Ordinal);
        Assert.Equal("2", (await host.InvokeAsync("count")).Text);
    }

    [Theory]
    [InlineData("absent.handler", "ModuleNotFoundError", "No module named 'absent'")]
    [InlineData("calls.absent", "AttributeError", "module 'calls' has no attribute 'absent'")]
    public async Task Handler_Missing_IsAnErrorWithoutAStack(string handler, string type, string message)
    {
        await using var host = await StartAsync(handler);

        var answer = await host.InvokeAsync("");

        Assert.Equal(message, answer.ErrorMessage);
        Assert.Equal(type, answer.Json.GetProperty("errorType").GetString());
        Assert.Equal("[]", answer.Json.GetProperty("stackTrace").GetRawText());
    }

    [Fact]
    public async Task File_SyntaxError_IsAnErrorThatNamesTheLine()
    {
        await using var host = await StartAsync("syntax.handler");

        var answer = await host.InvokeAsync("");

        Assert.Contains("(syntax.py, line 2)", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("SyntaxError", answer.Json.GetProperty("errorType").GetString());
        Assert.Equal(
            $$"""[["File \"{{PathOf("python/syntax.py")}}\"", "line 2", "in <module>", "return = 1"]]""",
            answer.Json.GetProperty("stackTrace").GetRawText());
    }

    [Fact]
    public async Task Logging_OfTheHandler_ReachesTheLogFromInfoOn()
    {
        await using var host = await StartAsync("calls.handler");

        var answer = await host.InvokeAsync("log");

        Assert.Contains("[INFO] informed\n[WARNING] warned\n[ERROR] erred\n", answer.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", answer.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit_with_thread")]
    [InlineData("child_and_die")]
    public async Task Handler_EndsItsProcessButLeavesSomeoneBehind_IsAnErrorAtOnce(string what)
    {
        await using var host = await StartAsync("calls.handler");

        Assert.StartsWith("Process exited unexpectedly", (await host.InvokeAsync(what)).ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("1", (await host.InvokeAsync("count")).Text);
    }
}
