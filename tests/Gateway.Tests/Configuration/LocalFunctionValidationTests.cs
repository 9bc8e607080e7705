using Gateway.Configuration;
using Gateway.LocalFunctions;

namespace Gateway.Tests.Configuration;

/// <summary>Rules for local functions and for the backends that name them.</summary>
public class LocalFunctionValidationTests
{
    private const string Function = """ "Runtime": "nodejs", "Code": "code", "Handler": "index.handler" """;

    [Fact]
    public void LocalFunction_OfEveryKey_IsBound()
    {
        var options = Options("""
            "f": {
              "Runtime": "custom", "Code": "samples/f", "Command": [ "node", "server.js" ], "Port": 9000, "Initializer": "yes", "PreStop": "yes",
              "Environment": { "A": "1" }, "Timeout": "3s", "Concurrency": 1
            }
            """)["f"];

        Assert.Equal(LocalRuntime.Custom, options.Runtime);
        Assert.Equal("samples/f", options.Code);
        Assert.Equal(["node", "server.js"], options.Command);
        Assert.Equal(9000, options.Port);
        Assert.Equal(("yes", "yes"), (options.Initializer, options.PreStop));
        Assert.Equal("1", options.Environment["A"]);
        Assert.Equal((TimeSpan.FromSeconds(3), 1), (options.Timeout, options.Concurrency));
    }

    [Theory]
    [InlineData("nodejs", "index.handler", LocalRuntime.NodeJs)]
    [InlineData("python", "index.handler", LocalRuntime.Python)]
    [InlineData("php", "index.handler", LocalRuntime.Php)]
    [InlineData("java", "example.App::handle", LocalRuntime.Java)]
    public void Runtime_ByItsName_IsRead(string name, string handler, LocalRuntime runtime)
        => Assert.Equal(runtime, Options($$""" "f": { "Runtime": "{{name}}", "Code": "code", "Handler": "{{handler}}" } """)["f"].Runtime);

    [Fact]
    public void LocalFunction_ThatNoBackendNames_IsFine() => Assert.Single(Options($$""" "unused": { {{Function}} } """));

    [Theory]
    [InlineData(""" "f": { "Runtime": "nodjs", "Code": "code", "Handler": "a.b" } """, ":f:Runtime", "Did you mean 'nodejs'?")]
    [InlineData(""" "f": { "Runtime": "nodejs", "Code": "code", "Hander": "a.b" } """, ":f:Hander", "Did you mean 'Handler'?")]
    [InlineData(""" "f": { "Runtime": "nodejs", "Code": "code", "Handler": "a.b", "Timeout": "10" } """, ":f:Timeout", "10s")]
    [InlineData(""" "f": { "Runtime": "nodejs", "Code": "code", "Handler": "a.b", "Timeout": "2d" } """, ":f:Timeout", "")]
    [InlineData(""" "f": { "Runtime": "nodejs", "Code": "code", "Handler": "a.b", "Concurrency": 0 } """, ":f:Concurrency", "1")]
    [InlineData(""" "a b": { "Runtime": "nodejs", "Code": "code", "Handler": "a.b" } """, ":a b", "Rename it")]
    [InlineData(""" "hello": { "Runtime": "nodejs", "Code": "code", "Handler": "a.b" } """, ":hello", "Give this one another")]
    public void LocalFunction_ThatIsNotValid_IsRefusedAtItsKey(string functions, string path, string message)
    {
        var problems = Load("", functions).Problems;

        Assert.Contains(problems, problem => problem.Path == "Gateway:LocalFunctions" + path && problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void LocalFunctions_OutsideDevelopment_AreRefusedOnce()
    {
        var problem = Loading.LoadOneProblem($$"""{ "Gateway": { "LocalFunctions": { "f": { {{Function}} }, "g": { {{Function}} } } } }""");

        Assert.Equal("Gateway:LocalFunctions", problem.Path);
        Assert.Contains("appsettings.Development.json", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "f": { "Type": "EventFunction" } """)]
    [InlineData(""" "other": { "Type": "EventFunction", "Function": "f" } """)]
    [InlineData(""" "other": { "Type": "WebFunction", "Function": "own" } """)]
    [InlineData(""" "own": { "Type": "EventFunction" } """)]
    [InlineData(""" "other": { "Type": "WebFunction", "Function": "site" } """)]
    public void Backend_OfALocalFunctionThatTakesItsCalls_IsValid(string backends) => Assert.Empty(LoadWithBackends(backends).Problems);

    [Theory]
    [InlineData(""" "x": { "Type": "EventFunction", "Function": "F" } """, "Function", "Did you mean 'f'?")]
    [InlineData(""" "x": { "Type": "EventFunction", "Function": "zzzzzz" } """, "Function", "Write one of f, hello, own")]
    [InlineData(""" "x": { "Type": "EventFunction" } """, "Address", "name a local event function in Function: f, hello, own")]
    [InlineData(""" "x": { "Type": "WebFunction", "Function": "f" } """, "Address", "\"Runtime\": \"custom\"")]
    [InlineData(""" "x": { "Type": "WebFunction", "Function": "hello" } """, "Function", "Write one of own, site")]
    [InlineData(""" "x": { "Type": "WebFunction", "Function": "f", "Address": "http://a" } """, "Function", "called by its address alone")]
    [InlineData(""" "x": { "Type": "WebFunction", "Function": "f", "Addresses": [ "http://a" ] } """, "Function", "called by its address alone")]
    public void Backend_ThatNamesNoFittingFunction_IsRefused(string backends, string key, string message)
    {
        var problem = Assert.Single(LoadWithBackends(backends).Problems);

        Assert.Equal($"Gateway:Backends:x:{key}", problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backend_OfALocalFunctionWithACallProtocol_IsRefused()
    {
        var problem = Assert.Single(LoadWithBackends(""" "f": { "Type": "EventFunction", "Invoke": "CustomRuntime" } """).Problems);

        Assert.Equal("Gateway:Backends:f:Invoke", problem.Path);
    }

    /// <summary>One mistake, one message: the backend's reference is not wrong because the function is.</summary>
    [Fact]
    public void Backend_OfALocalFunctionThatIsNotValid_IsNotToldToo()
    {
        var problem = Assert.Single(Load(""" "f": { "Type": "WebFunction" }, "g": { "Type": "EventFunction" } """, """
            "f": { "Runtime": "custm", "Code": "code" },
            "g": { "Runtime": "nodejs", "Code": "code", "Handler": "a.b" }
            """).Problems);

        Assert.Equal("Gateway:LocalFunctions:f:Runtime", problem.Path);
    }

    private static ConfigurationResult LoadWithBackends(string backends)
        => Load(backends, $$""" "f": { {{Function}} }, "own": { "Runtime": "custom", "Code": "code" } """);

    private static IReadOnlyDictionary<string, LocalFunctionOptions> Options(string functions)
    {
        var result = Load("", functions);
        Assert.Empty(result.Problems);
        return result.Configuration!.Options.LocalFunctions;
    }

    private static ConfigurationResult Load(string backends, string functions)
        => Loading.Load(
            $$"""{ "Gateway": { "Backends": { {{backends}} }, "LocalFunctions": { {{functions}} } } }""", static source => source with { Environment = "Development" });
}
