using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.LocalFunctions.Tests.NodeJs;

public sealed class NodeJsSampleTests
{
    private const string Event = """
        {"path":"/nodejs/Ada","httpMethod":"POST","headers":{"X-A":"1"},"queryParameters":{"how":"callback","size":"2"},
        "pathParameters":{"name":"Ada"},"body":"eyJhIjoxfQ==","isBase64Encoded":true}
        """;

    [Fact]
    public async Task Index_Event_AnswersEachOfItsKeys()
    {
        await using var host = await StartAsync("index.handler");

        using var response = await host.InvokeAsync("sample", Event);

        var result = await response.ReadJsonAsync();
        Assert.Equal("200", result.GetProperty("statusCode").GetString());
        var body = result.GetProperty("body");
        foreach (var key in JsonElement.Parse(Event).EnumerateObject())
        {
            Assert.True(JsonElement.DeepEquals(key.Value, body.GetProperty(key.Name)), key.Name);
        }
    }

    [Fact]
    public async Task Image_Size_IsAPngOfThatSize()
    {
        await using var host = await StartAsync("image.handler");

        using var response = await host.InvokeAsync("sample", Event);

        var result = await response.ReadJsonAsync();
        Assert.True(result.GetProperty("isBase64Encoded").GetBoolean());
        Assert.Equal("image/png", result.GetProperty("headers").GetProperty("Content-Type").GetString());
        var png = result.GetProperty("body").GetBytesFromBase64();
        Assert.Equal("89504e470d0a1a0a0000000d49484452000000020000000208020000" + "00fdd49a73", Convert.ToHexStringLower(png.AsSpan(0, 33)));
        Assert.Equal("0000000049454e44ae426082", Convert.ToHexStringLower(png.AsSpan(^12..)));
    }

    [Fact]
    public async Task Cookies_Any_SetsTwo()
    {
        await using var host = await StartAsync("cookies.handler");

        using var response = await host.InvokeAsync("sample", Event);

        var headers = (await response.ReadJsonAsync()).GetProperty("headers");
        Assert.Equal(2, headers.EnumerateObject().Count(static header => header.Name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("callback", "HandledInvocationError", "The order could not be found.")]
    [InlineData("throw", "UnhandledInvocationError", "The price is not a number.")]
    [InlineData("exit", "UnhandledInvocationError", "Process exited unexpectedly")]
    public async Task Fail_How_FailsThatWay(string how, string type, string message)
    {
        await using var host = await StartAsync("fail.handler");

        using var response = await host.InvokeAsync("sample", Event.Replace("callback", how, StringComparison.Ordinal));

        Assert.Equal(type, TestFunctions.Header(response, "X-Fc-Error-Type"));
        Assert.StartsWith(message, (await response.ReadJsonAsync()).GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_Warm_TakesMuchLessThanCold()
    {
        await using var host = await StartAsync("index.handler");
        using var client = new HttpClient();
        var times = new List<double>();
        for (var call = 0; call < 200; call++)
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await client.PostAsync(host.InvokeAddress("sample"), new StringContent(Event), TestContext.Current.CancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        var warm = times.Skip(1).Order().ElementAt(100);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cold {times[0]:F1} ms, warm {warm:F2} ms (median of 199)"));
        Assert.InRange(warm, 0, times[0] / 3);
    }

    private static async Task<LocalFunctionHost> StartAsync(string handler)
    {
        NodeFunction.NeedNodeJs();
        var host = await TestFunctions.StartAsync();
        var options = new LocalFunctionOptions { Runtime = LocalRuntime.NodeJs, Code = "samples/functions/nodejs", Handler = handler };
        host.Apply(new Dictionary<string, LocalFunctionOptions> { ["sample"] = options }, Repository.Root);
        return host;
    }
}
