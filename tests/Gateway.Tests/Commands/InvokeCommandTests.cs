using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Commands;
using Gateway.Commands.Invoking;
using Gateway.Configuration;
using Gateway.Samples;
using Gateway.Tests.Configuration;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Commands;

/// <summary>The verbs <c>invoke</c> and <c>event</c>, against a function service of the test's own and functions of this process.</summary>
public sealed partial class InvokeCommandTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("invoke-answer.txt", 0, """{"statusCode":"201","headers":{"X-A":"1"},"body":{"ok":true}}""")]
    [InlineData("invoke-refused.txt", 1, """{"statusCode":"many"}""")]
    [InlineData("invoke-error.txt", 1, """{"errorMessage":"no such order","errorType":"Error","stackTrace":["at handler (index.js:1:1)"]}""", "UnhandledInvocationError")]
    [InlineData("invoke-image.txt", 0, """{"statusCode":200,"headers":{"Content-Type":"image/png"},"isBase64Encoded":true,"body":"iVBORw0KGgo="}""")]
    public async Task Invoke_OfARequest_IsGolden(string file, int exitCode, string result, string? errorType = null)
    {
        await using var service = await ServeAsync(result, errorType);

        var (code, output, _) = await RunAsync(service.Address, "invoke", "order", "GET", "/v1/orders/7?x=%C3%A9", "-H", "A: b");

        Golden.Matches(file, Mask(output));
        Assert.Equal(exitCode, code);
    }

    [Fact]
    public async Task Invoke_OfAFile_SendsItsBytesSignedAndAsksForTheLog()
    {
        byte[] given = [.. "{\"id\": 7}"u8, 0xFF, 0];
        await File.WriteAllBytesAsync(_folder.PathOf("event.json"), given);
        byte[] received = [];
        string? authorization = null, logType = null;
        await using var service = await LoopbackServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            (received, authorization, logType) = (body.ToArray(), context.Request.Headers.Authorization, context.Request.Headers["X-Fc-Log-Type"]);
            await context.Response.WriteAsync("""{"statusCode":200}""");
        });

        var (code, output, _) = await RunAsync(service.Address, "invoke", "shop/order", "--event", _folder.PathOf("event.json"));

        Assert.Equal(0, code);
        Assert.Equal(given, received);
        Assert.StartsWith("ACS3-HMAC-SHA256 Credential=id,", authorization, StringComparison.Ordinal);
        Assert.Equal("Tail", logType);
        Assert.Contains("Event   11 bytes, shop/order\n{\"id\": 7}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_OfARequest_IsTheOneThatInvokeSends()
    {
        string received = "";
        await using var service = await LoopbackServer.StartAsync(async context =>
        {
            received = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await context.Response.WriteAsync("""{"statusCode":200}""");
        });
        string[] request = ["order", "curl", "-X", "POST", "http://shop.example/v1/orders/7?x=1", "-H", "Content-Type: application/json", "-d", """{"a":"é"}"""];

        var (code, output, _) = await RunAsync(service.Address, ["event", .. request]);
        await RunAsync(service.Address, ["invoke", .. request]);

        Assert.Equal(0, code);
        Assert.Equal(Mask(received) + "\n", Mask(output));
        Assert.Equal("7", (string?)JsonNode.Parse(output)!["pathParameters"]!["id"]);
    }

    [Fact]
    public async Task Invoke_WithAnOutputFile_WritesTheBodyThere()
    {
        await using var service = await ServeAsync("""{"statusCode":200,"isBase64Encoded":true,"body":"iVBORw0KGgo="}""");

        var (code, output, _) = await RunAsync(service.Address, "invoke", "order", "/v1/orders/7", "--output", _folder.PathOf("body.png"));

        Assert.Equal(0, code);
        Assert.Equal(Convert.FromBase64String("iVBORw0KGgo="), await File.ReadAllBytesAsync(_folder.PathOf("body.png")));
        Assert.Contains("(8 bytes in ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_OfAnOutputFileThatCannotBeWritten_SaysSo()
    {
        await using var service = await ServeAsync("""{"statusCode":200}""");

        var (code, _, error) = await RunAsync(service.Address, "invoke", "order", "/v1/orders/7", "--output", _folder.PathOf("no/such/folder"));

        Assert.Equal(1, code);
        Assert.Contains("cannot be written", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_OfAnAddressThatNobodyListensOn_ShowsTheEventAndTheCause()
    {
        await using var service = await ServeAsync("");
        var address = service.Address;
        await service.DisposeAsync();

        var (code, output, error) = await RunAsync(address, "invoke", "order", "/v1/orders/7");

        Assert.Equal(1, code);
        Assert.StartsWith("Event   ", output, StringComparison.Ordinal);
        Assert.Contains("\nResult  none", output, StringComparison.Ordinal);
        Assert.Contains("\nX-Ca-Error-Code: D504CO\n", output, StringComparison.Ordinal);
        Assert.Contains("gateway: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_OfALocalFunction_StartsIt()
    {
        var (code, output, _) = await RunAsync("http://127.0.0.1:1", "invoke", "echo", "-d", "a=1", "/v1/echo/x");

        Assert.Equal(0, code);
        Assert.Contains("\nAnswer  200 OK\n", output, StringComparison.Ordinal);
        Assert.Contains("\"body\":\"a=1\"", output, StringComparison.Ordinal);
    }

    /// <summary>Where Node.js is missing, the answer names what to install; where it is there, what its code threw.</summary>
    [Fact]
    public async Task Invoke_OfALocalFunctionThatCannotStart_ShowsWhy()
    {
        Directory.CreateDirectory(_folder.PathOf("code"));
        _folder.Write("code/index.js", "throw new Error('thrown while loading');");

        var (code, output, _) = await RunAsync("http://127.0.0.1:1", "invoke", "broken", "/v1/broken");

        Assert.Equal(1, code);
        Assert.Contains(Programs.IsOnPath("node") ? "thrown while loading" : "Install it", output, StringComparison.Ordinal);
        Assert.Contains("\nX-Ca-Error-Code: D502FC\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_OfALargeError_ShowsItWholeThoughTheGatewayReadsItsBeginningOnly()
    {
        var text = new string('x', 100_000);
        await using var service = await ServeAsync($$"""{"errorMessage":"{{text}}"}""", "UnhandledInvocationError");

        var (_, output, _) = await RunAsync(service.Address, "invoke", "order", "/v1/orders/7");

        Assert.Contains($"\n{{\"errorMessage\":\"{text}\"}}\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_ThatAFunctionAnswers_AreNotPrinted()
    {
        await using var service = await ServeAsync("""{"statusCode":200,"body":"an-access-key-secret and an-app-secret-of-16"}""");

        var (_, output, error) = await RunAsync(service.Address, "invoke", "order", "/v1/orders/7");

        Assert.Contains("*** and ***", output, StringComparison.Ordinal);
        Assert.DoesNotContain("an-access-key-secret", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("an-app-secret-of-16", output + error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Did you mean 'order'?", "invoke", "ordr", "/v1/orders/7")]
    [InlineData("write shop/twice or other/twice", "invoke", "twice", "/v1/twice")]
    [InlineData("is disabled", "invoke", "off", "/v1/off")]
    [InlineData("is a web function", "event", "site", "/v1/site")]
    [InlineData("is a mock", "invoke", "down", "/v1/down")]
    [InlineData("shop/order does not take GET /v2/orders/7: ", "event", "order", "/v2/orders/7")]
    [InlineData("shop/order does not take DELETE /v1/orders/7: it takes GET, POST", "invoke", "order", "DELETE", "/v1/orders/7")]
    [InlineData("the gateway refuses the path /v1/orders/%2e%2e: ", "invoke", "order", "/v1/orders/%2e%2e")]
    [InlineData("the gateway refuses the path /v1/orders/a%2Fb: encoded slash", "invoke", "order", "/v1/orders/a%2Fb")]
    [InlineData("the file of the event cannot be read", "invoke", "order", "--event", "/no/such/file")]
    [InlineData("the file of the body cannot be read", "event", "order", "/v1/orders/7", "-d", "@/no/such/file")]
    public async Task Invoke_OfNothingThatCanBeCalled_SaysWhy(string complaint, params string[] args)
    {
        var (code, output, error) = await RunAsync("http://127.0.0.1:1", args);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_OfABodyThatIsTooLarge_SaysWhatTheClientWouldMeet()
    {
        var (code, output, error) = await RunAsync("http://127.0.0.1:1", "event", "order", "/v1/orders/7", "-d", new string('x', 2000));

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains("413 I413RL", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name the API first", "invoke")]
    [InlineData("a request, e.g. GET /hello/ann, or --event FILE", "invoke", "greet")]
    [InlineData("which request the event is of", "event", "greet")]
    [InlineData("not both", "invoke", "greet", "/x", "--event", "f")]
    [InlineData("not both", "invoke", "greet", "--event", "f", "-d", "x")]
    [InlineData("'--event' is not an option", "event", "greet", "--event", "f")]
    [InlineData("one word too many", "invoke", "greet", "GET", "/x", "/y")]
    public void Arguments_ThatMakeNoCall_AreRefused(string complaint, params string[] args)
    {
        Assert.False(Invocation.TryParse(args, out _, out var problem));
        Assert.Contains(complaint, problem, StringComparison.Ordinal);
    }

    private static Task<LoopbackServer> ServeAsync(string result, string? errorType = null)
        => LoopbackServer.StartAsync(context =>
        {
            var headers = context.Response.Headers;
            headers["X-Fc-Request-Id"] = "1-6541-0001";
            headers["X-Fc-Invocation-Duration"] = "12";
            headers["X-Fc-Log-Result"] = Convert.ToBase64String("FC Invoke Start\nhello\u001b[31m\nFC Invoke End\n"u8);
            if (errorType is not null)
            {
                headers["X-Fc-Error-Type"] = errorType;
            }

            return context.Response.WriteAsync(result);
        });

    private async Task<(int Code, string Output, string Error)> RunAsync(string service, params string[] args)
    {
        _folder.Write(ConfigurationSource.BaseFileName, $$"""
            {
              "Gateway": {
                "Apps": { "a": { "AppKey": "1", "AppSecret": "an-app-secret-of-16" } },
                "Backends": {
                  "orders": { "Type": "EventFunction", "Address": "{{service}}", "Credentials": { "AccessKeyId": "id", "AccessKeySecret": "an-access-key-secret" } },
                  "echo": { "Type": "EventFunction" },
                  "broken": { "Type": "EventFunction" },
                  "site": { "Type": "WebFunction", "Address": "http://site.internal" },
                  "down": { "Type": "Mock" }
                },
                "LocalFunctions": { "broken": { "Runtime": "nodejs", "Code": "code", "Handler": "index.handler" } },
                "Groups": {
                  "shop": {
                    "BasePath": "/v1",
                    "Apis": {
                      "order": { "Path": "/orders/[id]", "Methods": [ "GET", "POST" ], "Backend": "orders", "Apps": { "a": {} }, "MaxRequestBody": "1KB" },
                      "echo": { "Path": "/echo/[name]", "Backend": "echo", "Auth": "None" },
                      "broken": { "Path": "/broken", "Backend": "broken", "Auth": "None" },
                      "site": { "Path": "/site", "Backend": "site", "Auth": "None" },
                      "down": { "Path": "/down", "Backend": "down", "Auth": "None" },
                      "off": { "Path": "/off", "Backend": "orders", "Auth": "None", "Enabled": false },
                      "twice": { "Path": "/twice", "Backend": "orders", "Auth": "None" }
                    }
                  },
                  "other": { "Hosts": [ "*.example.com" ], "Apis": { "twice": { "Path": "/twice", "Backend": "orders", "Auth": "None" } } }
                }
              }
            }
            """);
        var source = _folder.Source with
        {
            Environment = "Development",
            BuiltInFunctions = SampleFunctions.All.ToDictionary(static function => function.Name, static function => function.Kind),
        };
        var result = ConfigurationLoader.Load(source);
        Assert.Empty(result.Problems);
        Assert.True(Invocation.TryParse(args, out var invocation, out var problem), problem);
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var code = invocation.Verb == "event"
            ? await InvokeCommand.WriteEventAsync(invocation.Request!, result.Configuration!, source, TimeProvider.System, output, error)
            : await InvokeCommand.InvokeAsync(invocation.Request!, result.Configuration!, source, SampleFunctions.All, TimeProvider.System, output, error);
        return (code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>What differs from run to run.</summary>
    private static string Mask(string text) => Durations().Replace(RequestIds().Replace(text, "REQUEST-ID"), "after N ms");

    [GeneratedRegex("[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")]
    private static partial Regex RequestIds();

    [GeneratedRegex("after [0-9]+ ms")]
    private static partial Regex Durations();
}
