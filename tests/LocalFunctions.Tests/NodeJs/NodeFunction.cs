using Gateway.LocalFunctions.Runtimes;

namespace Gateway.LocalFunctions.Tests.NodeJs;

/// <summary>One Node.js function named <c>f</c> in a host of its own, with its log.</summary>
internal sealed class NodeFunction : IAsyncDisposable
{
    private readonly CodeFolder _code;

    private NodeFunction(LocalFunctionHost host, CodeFolder code, LocalFunctionOptions options)
    {
        Host = host;
        _code = code;
        Options = options;
    }

    public LocalFunctionHost Host { get; }

    public CodeFolder Code => _code;

    public RecordingLoggerFactory Log { get; } = new();

    public LocalFunctionOptions Options { get; private set; }

    /// <summary>Skips the test, visibly, where there is no Node.js.</summary>
    public static void NeedNodeJs()
    {
        if (RuntimeCatalogue.Of(LocalRuntime.NodeJs).FindMissing() is { } missing)
        {
            Assert.Skip(missing);
        }
    }

    /// <summary>Starts a host with a function; its code is in <c>index.js</c>.</summary>
    public static async Task<NodeFunction> StartAsync(string code, LocalFunctionOptions? options = null)
    {
        NeedNodeJs();
        var folder = new CodeFolder();
        folder.Write("index.js", code);
        var function = new NodeFunction(await TestFunctions.StartAsync(), folder, new LocalFunctionOptions());
        function.Host.LogTo(function.Log);
        function.Apply((options ?? new LocalFunctionOptions()) with { Runtime = LocalRuntime.NodeJs, Code = ".", Handler = options?.Handler ?? "index.handler" });
        return function;
    }

    /// <summary>Gives the function other options.</summary>
    public void Apply(LocalFunctionOptions options)
    {
        Assert.Empty(LocalFunctionRules.Check("f", options));
        Options = options;
        Host.Apply(new Dictionary<string, LocalFunctionOptions> { ["f"] = options }, _code.FullPath);
    }

    public Task<HttpResponseMessage> InvokeAsync(string eventText = "{}") => Host.InvokeAsync("f", eventText);

    /// <summary>Calls, and expects an answer that is no error.</summary>
    public async Task<string> AnswerAsync(string eventText = "{}")
    {
        using var response = await InvokeAsync(eventText);
        var text = await response.ReadTextAsync();
        Assert.True(response.IsSuccessStatusCode && !response.Headers.Contains("X-Fc-Error-Type"), text);
        return text;
    }

    /// <summary>Calls, and expects an error of the function.</summary>
    public async Task<string> FailAsync(string type, string eventText = "{}")
    {
        using var response = await InvokeAsync(eventText);
        var text = await response.ReadTextAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal(type, TestFunctions.Header(response, "X-Fc-Error-Type"));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _code.Dispose();
    }
}
