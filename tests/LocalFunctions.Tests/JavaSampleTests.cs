using System.Text.Json;

namespace Gateway.LocalFunctions.Tests;

/// <summary>The samples for Java, called as the gateway calls them.</summary>
[Collection("Java")]
public sealed class JavaSampleTests(JavaFixture java)
{
    private const string Get = """
        {"body":"","headers":{"Host":"a.example","X-Ünicode":"\u00e9\/\""},"httpMethod":"GET","isBase64Encoded":false,"path":"/java/Ada","pathParameters":{"name":"Ada"},"queryParameters":{"a":"ü"}}
        """;

    private const string Post = """
        {"body":"eyJuIjoxfQ==","headers":{"Content-Type":"application/json"},"httpMethod":"POST","isBase64Encoded":true,"path":"/java/Ada","pathParameters":{"name":"Ada"},"queryParameters":{}}
        """;

    private const string Form = """
        {"body":"a=1&b=%C3%BC","headers":{"Content-Type":"application/x-www-form-urlencoded"},"httpMethod":"POST","isBase64Encoded":false,"path":"/java/Ada","pathParameters":{"name":"Ada"},"queryParameters":{}}
        """;

    [Theory]
    [InlineData("app", Get, """{"body":""")]
    [InlineData("app", Post, """{"body":""")]
    [InlineData("app", Form, """{"body":""")]
    [InlineData("stream", Get, """{"isBase64Encoded":"false","statusCode":"200","headers":{"x-function":"stream"},"body":""")]
    [InlineData("stream", Post, """{"isBase64Encoded":"false","statusCode":"200","headers":{"x-function":"stream"},"body":""")]
    [InlineData("stream", Form, """{"isBase64Encoded":"false","statusCode":"200","headers":{"x-function":"stream"},"body":""")]
    public async Task Sample_AnyEvent_AnswersWithEveryKeyOfIt(string function, string eventJson, string start)
    {
        using var response = await java.CallAsync(function, eventJson);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.False(response.Headers.Contains("X-Fc-Error-Type"), text);
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        using var result = JsonDocument.Parse(text);
        using var sent = JsonDocument.Parse(eventJson);
        Assert.True(JsonElement.DeepEquals(sent.RootElement, result.RootElement.GetProperty("body")), text);
        Assert.Equal(function, result.RootElement.GetProperty("headers").GetProperty("x-function").GetString());
    }

    [Fact]
    public async Task App_Event_AnswersByteForByteAsItsBeansSay()
        => Assert.Equal(
            """{"body":""" + Post + ""","headers":{"x-function":"app"},"isBase64Encoded":false,"statusCode":200}""",
            await java.TextAsync("app", Post));

    [Fact]
    public async Task Image_AnyEvent_IsAPngInBase64()
    {
        using var result = JsonDocument.Parse(await java.TextAsync("image", Get));

        Assert.True(result.RootElement.GetProperty("isBase64Encoded").GetBoolean());
        Assert.Equal("image/png", result.RootElement.GetProperty("headers").GetProperty("Content-Type").GetString());
        Assert.Equal([0x89, 0x50, 0x4e, 0x47], result.RootElement.GetProperty("body").GetBytesFromBase64()[..4]);
    }

    [Fact]
    public async Task Cookies_AnyEvent_SetsTwo()
        => Assert.Contains(
            """{"Set-Cookie":"session=1; Path=/; HttpOnly","set-cookie":"theme=dark; Path=/"}""",
            await java.TextAsync("cookies", Get),
            StringComparison.Ordinal);

    [Fact]
    public async Task Fail_AnyEvent_IsAFunctionErrorWithItsOwnFrames()
    {
        using var response = await java.CallAsync("fail", Get);

        Assert.Equal("UnhandledInvocationError", Assert.Single(response.Headers.GetValues("X-Fc-Error-Type")));
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("this function always fails", error.RootElement.GetProperty("errorMessage").GetString());
        Assert.Equal("java.lang.IllegalStateException", error.RootElement.GetProperty("errorType").GetString());
        var frames = error.RootElement.GetProperty("stackTrace").EnumerateArray().Select(static frame => frame.GetString()!).ToList();
        Assert.StartsWith("example.Fail.handleRequest(Fail.java:", frames[0], StringComparison.Ordinal);
        Assert.DoesNotContain(frames, static frame => frame.StartsWith("gateway.", StringComparison.Ordinal));
        Assert.Contains(java.Log, static line => line.StartsWith("Warning fail ", StringComparison.Ordinal) && line.EndsWith("java.lang.IllegalStateException: this function always fails", StringComparison.Ordinal));
    }
}
