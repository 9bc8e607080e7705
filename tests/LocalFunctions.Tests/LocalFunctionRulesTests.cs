namespace Gateway.LocalFunctions.Tests;

public sealed class LocalFunctionRulesTests
{
    private static readonly LocalFunctionOptions Good = new() { Runtime = LocalRuntime.NodeJs, Code = "code", Handler = "index.handler" };

    [Theory]
    [InlineData(LocalRuntime.NodeJs, "index.handler")]
    [InlineData(LocalRuntime.NodeJs, "a/b.c/index.$run_1")]
    [InlineData(LocalRuntime.Python, "main.größe")]
    [InlineData(LocalRuntime.Php, "index.handler")]
    [InlineData(LocalRuntime.Java, "App::handleRequest")]
    [InlineData(LocalRuntime.Java, "example.my.App::handleRequest")]
    [InlineData(LocalRuntime.Custom, null)]
    public void Check_RightHandler_HasNoProblem(LocalRuntime runtime, string? handler)
        => Assert.Empty(LocalFunctionRules.Check("f-1_A", Good with { Runtime = runtime, Handler = handler }));

    [Theory]
    [InlineData(LocalRuntime.NodeJs, null, "is missing. Write \"file.function\"")]
    [InlineData(LocalRuntime.Java, " ", "is missing. Write \"package.Class::method\"")]
    [InlineData(LocalRuntime.NodeJs, "handler", "'handler' does not say what to call. Write \"file.function\"")]
    [InlineData(LocalRuntime.NodeJs, ".handler", "Write \"file.function\"")]
    [InlineData(LocalRuntime.NodeJs, "index.", "Write \"file.function\"")]
    [InlineData(LocalRuntime.NodeJs, "index.1x", "Write \"file.function\"")]
    [InlineData(LocalRuntime.Python, "../index.handler", "Write \"file.function\"")]
    [InlineData(LocalRuntime.Python, "/index.handler", "Write \"file.function\"")]
    [InlineData(LocalRuntime.Php, "src\\index.handler", "Write \"file.function\"")]
    [InlineData(LocalRuntime.NodeJs, "src/.handler", "Write \"file.function\"")]
    [InlineData(LocalRuntime.NodeJs, "App::handle", "Write \"file.function\"")]
    [InlineData(LocalRuntime.Java, "index.handler", "Write \"package.Class::method\"")]
    [InlineData(LocalRuntime.Java, "a..App::handle", "Write \"package.Class::method\"")]
    [InlineData(LocalRuntime.Java, "a.App::", "Write \"package.Class::method\"")]
    [InlineData(LocalRuntime.Java, "a.App::a::b", "Write \"package.Class::method\"")]
    [InlineData(LocalRuntime.Custom, "index.handler", "Take Handler out")]
    public void Check_WrongHandler_SaysWhatToWrite(LocalRuntime runtime, string? handler, string expected)
    {
        var (key, problem) = Assert.Single(LocalFunctionRules.Check("f", Good with { Runtime = runtime, Handler = handler }));

        Assert.Equal("Handler", key);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NothingWritten_ListsWhatIsNeeded()
        => Assert.Equal(["Runtime", "Code"], LocalFunctionRules.Check("f", new LocalFunctionOptions()).Select(static problem => problem.Key));

    [Fact]
    public void Check_EverythingWrong_ListsAllAtOnce()
    {
        var options = new LocalFunctionOptions
        {
            Runtime = LocalRuntime.Python,
            Code = "a\0b",
            Initializer = "init",
            PreStop = "stop",
            Command = ["./run"],
            Port = 9000,
            Environment = new Dictionary<string, string> { ["FC_REGION"] = "", ["A=B"] = "", [""] = "", ["1A"] = "", ["NUL"] = "\0", ["fine_1"] = "" },
        };

        Assert.Equal(
            ["", "Code", "Handler", "Initializer", "PreStop", "Command", "Port", "Environment:FC_REGION", "Environment:A=B", "Environment:", "Environment:1A", "Environment:NUL"],
            LocalFunctionRules.Check("my function", options).Select(static problem => problem.Key));
    }

    [Fact]
    public void Check_CustomRuntime_TakesCommandPortAndAnyHooks()
    {
        var options = new LocalFunctionOptions { Runtime = LocalRuntime.Custom, Code = ".", Command = ["./run"], Port = 9000, Concurrency = 1, Initializer = "yes", PreStop = "yes" };

        Assert.Empty(LocalFunctionRules.Check("f", options));
        Assert.Equal("Command", Assert.Single(LocalFunctionRules.Check("f", options with { Command = [""] })).Key);
        Assert.Equal("Port", Assert.Single(LocalFunctionRules.Check("f", options with { Concurrency = 2 })).Key);
    }
}
