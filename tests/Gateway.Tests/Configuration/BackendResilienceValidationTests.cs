using Gateway.Backends;

namespace Gateway.Tests.Configuration;

/// <summary>Options of retries, breaker, health and signature that cannot apply are problems at start.</summary>
public class BackendResilienceValidationTests
{
    [Theory]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Retry": { "Attempts": 0 } }""", ":Retry:Attempts", "from 1 to 5")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Retry": { "Statuses": [ 200 ] } }""", ":Retry:Statuses:0", "from 400 to 599")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Retry": { "Methods": [ "ANY" ] } }""", ":Retry:Methods:0", "Name each method")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Retry": { "Methods": [ "get" ] } }""", ":Retry:Methods:0", "Write GET")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Retry": { "Delay": "5s" } }""", ":Retry:MaxDelay", "5s or more")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "CircuitBreaker": { "OpenFor": "10ms" } }""", ":CircuitBreaker:OpenFor", "1s")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Hedging": { "Attempts": 9 } }""", ":Hedging:Attempts", "from 1 to 5")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Concurrency": 0 }""", ":Concurrency", "from 1 to")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Health": { } }""", ":Health", "nothing is checked")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Health": { "Active": { } } }""", ":Health:Active:Path", "missing")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Health": { "Active": { "Path": "health" } } }""", ":Health:Active:Path", "is not a path")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Health": { "Active": { "Path": "/h?a=1" } } }""", ":Health:Active:Path", "without a query")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "Health": { "Active": { "Path": "/h", "Timeout": "20s" } } }""", ":Health:Active:Timeout", "10s or less")]
    [InlineData("""{ "Type": "EventFunction", "Address": "http://a", "Health": { "Active": { "Path": "/h" } } }""", ":Health:Active", "cannot apply")]
    [InlineData("""{ "Type": "EventFunction", "Address": "http://a", "IdleTimeout": "10s" }""", ":IdleTimeout", "applies to WebFunction only")]
    [InlineData("""{ "Type": "EventFunction", "Address": "http://a", "ProxySignature": { "Key": "k", "Secret": "hunter2" } }""", ":ProxySignature", "applies to WebFunction only")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "ProxySignature": { "Secret": "hunter2" } }""", ":ProxySignature:Key", "missing")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "ProxySignature": { "Key": "k" } }""", ":ProxySignature:Secret", "Gateway__Backends__x__ProxySignature__Secret")]
    [InlineData("""{ "Type": "WebFunction", "Address": "http://a", "ProxySignature": { "Key": "k", "Secret": "hunter2\n" } }""", ":ProxySignature:Secret", "line break")]
    [InlineData("""{ "Type": "Mock", "Retry": { } }""", ":Retry", "applies to")]
    [InlineData("""{ "Type": "Mock", "CircuitBreaker": { } }""", ":CircuitBreaker", "applies to")]
    [InlineData("""{ "Type": "Mock", "Hedging": { } }""", ":Hedging", "applies to")]
    [InlineData("""{ "Type": "Mock", "Health": { } }""", ":Health", "applies to")]
    [InlineData("""{ "Type": "Mock", "Concurrency": 5 }""", ":Concurrency", "applies to")]
    public void Backend_OptionThatCannotApply_IsAProblem(string backend, string path, string message)
    {
        var problem = Loading.LoadOneProblem($$"""{ "Gateway": { "Backends": { "x": {{backend}} } } }""");

        Assert.Equal("Gateway:Backends:x" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WebFunction", "")]
    [InlineData("EventFunction", "")]
    [InlineData("EventFunction", """, "Invoke": "CustomRuntime", "Health": { "Passive": { }, "Active": { "Path": "/health" } }""")]
    public void Backend_EmptyObjects_AreOnWithDefaults(string type, string more)
    {
        var options = Loading.LoadValid($$"""
            { "Gateway": { "Backends": { "x": { "Type": "{{type}}", "Address": "http://a", "Retry": { }, "CircuitBreaker": { }, "Hedging": { } {{more}} } } } }
            """).Options;

        var backend = Assert.IsAssignableFrom<FunctionOptions>(options.Backends["x"]);
        Assert.Equal((2, TimeSpan.FromMilliseconds(100)), (backend.Retry!.Attempts, backend.Retry.Delay));
        Assert.Equal([502, 503], backend.Retry.Statuses);
        Assert.Equal(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"], backend.Retry.Methods);
        Assert.Equal((1000, null, 30, 90), (backend.CircuitBreaker!.Timeouts, backend.CircuitBreaker.Errors, backend.CircuitBreaker.Window.TotalSeconds, backend.CircuitBreaker.OpenFor.TotalSeconds));
        Assert.Equal((1, 1), (backend.Hedging!.Attempts, backend.Hedging.Delay.TotalSeconds));
    }

    [Fact]
    public void Backend_WithoutThem_HasNone()
    {
        var options = Loading.LoadValid("""{ "Gateway": { "Backends": { "x": { "Type": "WebFunction", "Address": "http://a" } } } }""").Options;

        var backend = Assert.IsType<WebFunctionOptions>(options.Backends["x"]);
        Assert.Equal((null, null, null, null, null, null), (backend.Retry, backend.CircuitBreaker, backend.Hedging, backend.Concurrency, backend.Health, backend.ProxySignature));
    }
}
