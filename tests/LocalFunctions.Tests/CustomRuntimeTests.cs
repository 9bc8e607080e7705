using System.Net;
using System.Text;
using static Gateway.LocalFunctions.Tests.TestFunctions;

namespace Gateway.LocalFunctions.Tests;

public sealed class CustomRuntimeTests(CustomFixture shared) : IClassFixture<CustomFixture>
{
    private static readonly string AllKeys =
        """{"path":"/custom/ann","httpMethod":"POST","headers":{"X-A":"1"},"queryParameters":{"q":"ü"},"pathParameters":{"name":"ann"},"body":"eyJhIjoxfQ==","isBase64Encoded":true}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sample_Event_AnswersEachOfItsKeysAndFailsWhenTold()
    {
        await using var function = await CustomFolder.StartAsync(new LocalFunctionOptions { Code = CustomFolder.Sample });

        var answer = await function.AnswerAsync(AllKeys);
        Assert.Equal(AllKeys, answer.GetProperty("body").GetRawText());
        Assert.Equal("200", answer.GetProperty("statusCode").GetString());

        var image = await function.AnswerAsync(AllKeys.Replace("ann", "image", StringComparison.Ordinal));
        Assert.StartsWith("GIF89a", Encoding.Latin1.GetString(image.GetProperty("body").GetBytesFromBase64()), StringComparison.Ordinal);
        Assert.True(image.GetProperty("isBase64Encoded").GetBoolean());

        var cookies = await function.AnswerAsync(AllKeys.Replace("ann", "cookies", StringComparison.Ordinal));
        Assert.Equal(["Set-Cookie", "set-cookie"], cookies.GetProperty("headers").EnumerateObject().Select(static header => header.Name));

        Assert.StartsWith(
            """{"errorMessage":"no such order","errorType":"Error","stackTrace":["at """,
            await function.FailAsync(AllKeys.Replace("ann", "fail", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_Called_CarriesTheServicesHeadersAndVariables()
    {
        await using var function = await CustomFolder.StartAsync(new LocalFunctionOptions
        {
            Timeout = TimeSpan.FromSeconds(20),
            Environment = new Dictionary<string, string> { ["MINE"] = "yes", ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "ak" },
        });

        using var response = await function.InvokeAsync("{}");

        var call = await response.ReadJsonAsync();
        Assert.Equal("POST /invoke", $"{call.GetProperty("method")} {call.GetProperty("url")}");
        var headers = call.GetProperty("headers");
        string Of(string name) => headers.GetProperty(name).GetString()!;
        Assert.Equal("application/octet-stream", Of("content-type"));
        Assert.Equal("2", Of("content-length"));
        Assert.Equal(Header(response, "X-Fc-Request-Id"), Of("x-fc-request-id"));
        Assert.Equal("/invoke", Of("x-fc-control-path"));
        Assert.Equal("probe", Of("x-fc-function-name"));
        Assert.Equal("512", Of("x-fc-function-memory"));
        Assert.Equal("20", Of("x-fc-function-timeout"));
        Assert.Equal("ak", Of("x-fc-access-key-id"));
        var variables = call.GetProperty("env");
        Assert.Equal("yes", variables.GetProperty("MINE").GetString());
        Assert.Equal("custom", variables.GetProperty("FC_RUNTIME").GetString());
        Assert.Equal("probe", variables.GetProperty("FC_FUNCTION_NAME").GetString());
        Assert.Equal(Header(response, "X-Fc-Instance-Id"), variables.GetProperty("FC_INSTANCE_ID").GetString());
        Assert.EndsWith(":" + variables.GetProperty("FC_SERVER_PORT").GetString(), Of("host"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_AnswerSaysThatItFailed_IsTheFunctionsError()
    {
        var function = await shared.StartAsync();

        Assert.Equal("""{"mine":1}""", await function.FailAsync("""{"do":"fail","status":404,"headers":{"x-fc-status":"404"},"text":"{\"mine\":1}"}"""));
        Assert.Equal("""{"errorMessage":"no \"luck\""}""", await function.FailAsync("""{"do":"fail","headers":{"x-fc-status":"404"},"text":"no \"luck\""}"""));
        Assert.Equal("""{"errorMessage":"oops"}""", await function.FailAsync("""{"do":"fail","status":500,"text":"oops"}"""));
        Assert.Equal("""{"errorMessage":"{\"a\":"}""", await function.FailAsync("""{"do":"fail","status":302,"text":"{\"a\":"}"""));
        Assert.Equal("""{"errorMessage":"the function's server answered with status 503"}""", await function.FailAsync("""{"do":"fail","status":503}"""));
    }

    [Fact]
    public async Task Event_AnswerIsEmpty_IsAnEmptyResult()
    {
        var function = await shared.StartAsync();

        using var response = await function.InvokeAsync("""{"do":"empty"}""");

        Assert.Equal("", await response.ReadTextAsync());
        Assert.False(response.Headers.Contains("X-Fc-Error-Type"));
    }

    [Fact]
    public async Task Event_ServerFailsInAnyWay_IsToldAndTheNextCallWorks()
    {
        await using var function = await CustomFolder.StartAsync(new LocalFunctionOptions { Timeout = TimeSpan.FromSeconds(2) });

        Assert.Equal("""{"errorMessage":"Function timed out after 2 seconds"}""", await function.FailAsync("""{"do":"hang"}"""));
        var first = (await function.AnswerAsync("{}")).GetProperty("pid").GetInt32();

        Assert.Equal(
            """{"errorMessage":"Process exited unexpectedly before completing request (duration: Nms, maxMemoryUsage: NMB)"}""",
            await function.FailAsync("""{"do":"exit"}"""));
        var second = (await function.AnswerAsync("{}")).GetProperty("pid").GetInt32();

        using var garbage = await function.InvokeAsync("""{"do":"garbage"}""");
        Assert.Equal(HttpStatusCode.BadGateway, garbage.StatusCode);
        Assert.Equal("BadResponse", (await garbage.ReadJsonAsync()).GetProperty("Code").GetString());
        var third = (await function.AnswerAsync("{}")).GetProperty("pid").GetInt32();

        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
    }

    [Fact]
    public async Task Event_ResultOfFiftyMegabytes_IsRefused()
    {
        var function = await shared.StartAsync();

        Assert.Equal("""{"errorMessage":"the result is 52428800 bytes long; 33554432 is the most"}""", await function.FailAsync("""{"do":"long"}"""));
        Assert.StartsWith("""{"errorMessage":"the result is more than 335""", await function.FailAsync("""{"do":"long","chunked":true}"""), StringComparison.Ordinal);
        Assert.Equal("POST", (await function.AnswerAsync("{}")).GetProperty("method").GetString());
    }

    [Fact]
    public async Task Event_ServerWrites_LogsLinesWithTheCallsId()
    {
        var function = await shared.StartAsync();

        using var response = await function.InvokeAsync("""{"do":"write"}""");

        var requestId = Header(response, "X-Fc-Request-Id");
        var lines = new[] { await function.Log.WaitForAsync("to std"), await function.Log.WaitForAsync("to std") };
        Assert.Equal([$"Information probe {requestId} to stdout", $"Warning probe {requestId} to stderr"], lines.Order());
    }

    [Fact]
    public async Task Event_LogIsAskedFor_ComesWithTheAnswer()
    {
        var function = await shared.StartAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, function.Host.InvokeAddress(CustomFolder.Name)) { Content = new StringContent("{}") };
        request.Headers.Add("X-Fc-Log-Type", "Tail");

        using var response = await client.SendAsync(request, Cancel);

        var requestId = Header(response, "X-Fc-Request-Id");
        Assert.Equal(
            $"FC Invoke Start RequestId: {requestId}\nFC Invoke End RequestId: {requestId}\n",
            Encoding.UTF8.GetString(Convert.FromBase64String(Header(response, "X-Fc-Log-Result")!)));
    }

    [Fact]
    public async Task Events_AtOnce_HaveAProcessEach()
    {
        await using var function = await CustomFolder.StartAsync(new LocalFunctionOptions { Concurrency = 2, Timeout = TimeSpan.FromSeconds(1) });

        // Either waits for a second one in its own process, which never comes.
        var failures = await Task.WhenAll(function.FailAsync("""{"do":"meet"}"""), function.FailAsync("""{"do":"meet"}"""));

        Assert.All(failures, static failure => Assert.Contains("timed out", failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Initializer_Set_RunsOnceInEachProcess()
    {
        await using var function = await CustomFolder.StartAsync(new LocalFunctionOptions { Initializer = "init" });

        Assert.Equal(1, (await function.AnswerAsync("{}")).GetProperty("initialized").GetInt32());
        Assert.Equal(1, (await function.AnswerAsync("{}")).GetProperty("initialized").GetInt32());
    }

    [Fact]
    public async Task Initializer_Fails_IsTheCallsError()
    {
        var broken = new LocalFunctionOptions { Initializer = "init", Environment = new Dictionary<string, string> { ["BROKEN"] = "1" } };
        await using var function = await CustomFolder.StartAsync(broken);

        Assert.Equal("""{"errorMessage":"cannot initialize"}""", await function.FailAsync("{}"));

        using var client = new HttpClient();
        using var web = await client.GetAsync(function.WebAddress, Cancel);
        Assert.Equal(HttpStatusCode.BadGateway, web.StatusCode);
        Assert.Contains("cannot initialize", await web.ReadTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PreStop_HostStops_IsCalledBeforeTheProcessEnds()
    {
        var stopped = Path.GetTempFileName();
        try
        {
            var options = new LocalFunctionOptions { PreStop = "stop", Environment = new Dictionary<string, string> { ["STOPPED"] = stopped } };
            await using (var function = await CustomFolder.StartAsync(options))
            {
                await function.AnswerAsync("{}");
            }

            Assert.Equal("GET /pre-stop", await File.ReadAllTextAsync(stopped, Cancel));
        }
        finally
        {
            File.Delete(stopped);
        }
    }

    [Fact]
    public async Task Port_Fixed_IsUsedAlsoAfterAChangeOfTheCode()
    {
        var port = Custom.LoopbackPort.FindFree();
        await using var function = await CustomFolder.StartAsync(new LocalFunctionOptions
        {
            Port = port,
            Concurrency = 1,
            Environment = new Dictionary<string, string> { ["OWN_PORT"] = $"{port}" },
        });
        var first = (await function.AnswerAsync("{}")).GetProperty("pid").GetInt32();

        function.Write("other.js", "// saved");
        var second = await function.AnswerAsync("{}");

        Assert.NotEqual(first, second.GetProperty("pid").GetInt32());
        Assert.Equal($"127.0.0.1:{port}", second.GetProperty("headers").GetProperty("host").GetString());
    }
}
