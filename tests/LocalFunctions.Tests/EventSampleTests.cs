using System.Text.Json;

namespace Gateway.LocalFunctions.Tests;

public sealed class EventSampleTests(SampleFixture samples) : IClassFixture<SampleFixture>
{
    private const string Get = """
        {"body":"","headers":{"user-agent":"curl/8"},"httpMethod":"GET","isBase64Encoded":false,
        "path":"/hello/Ada","pathParameters":{"name":"Ada"},"queryParameters":{"a":"ü"}}
        """;

    [Fact]
    public async Task Greeter_Get_AnswersInTheTolerantShapes()
    {
        using var response = await samples.Host.InvokeAsync("greeter", Get);

        Assert.Equal(
            """
            {"statusCode":"200","headers":{"Content-Type":"application/json; charset=utf-8","X-Greeter":"csharp"},
            "body":{"message":"Hello, Ada!","method":"GET","path":"/hello/Ada","query":{"a":"ü"},"userAgent":"curl/8"},
            "isBase64Encoded":"false"}
            """.ReplaceLineEndings(""),
            await response.ReadTextAsync());
    }

    [Theory]
    [InlineData("""{}""", "Hello, world!")]
    [InlineData("""{"pathParameters":null,"queryParameters":null,"headers":null,"body":null}""", "Hello, world!")]
    [InlineData("""{"queryParameters":{"name":"Grace"}}""", "Hello, Grace!")]
    [InlineData("""{"pathParameters":{"name":"Ada"},"queryParameters":{"name":"Grace"}}""", "Hello, Ada!")]
    [InlineData("""{"body":"{\"greeting\":\"Good morning\"}","isBase64Encoded":false}""", "Good morning, world!")]
    [InlineData("""{"body":"eyJncmVldGluZyI6Ikdyw7zDnyBHb3R0In0=","isBase64Encoded":true}""", "Grüß Gott, world!")]
    [InlineData("""{"body":"a=1&b=2","isBase64Encoded":false}""", "Hello, world!")]
    [InlineData("""{"body":"***","isBase64Encoded":true}""", "Hello, world!")]
    [InlineData("""{"body":"null","isBase64Encoded":false}""", "Hello, world!")]
    [InlineData("""{"body":"{\"other\":1}","isBase64Encoded":false}""", "Hello, world!")]
    public async Task Greeter_EventWithMoreOrLess_Greets(string eventJson, string expected)
    {
        using var response = await samples.Host.InvokeAsync("greeter", eventJson);

        Assert.Equal(expected, Body(await response.ReadJsonAsync()).GetProperty("message").GetString());
    }

    [Fact]
    public async Task Greeter_NotAnEvent_IsAFunctionError()
    {
        using var response = await samples.Host.InvokeAsync("greeter", "not json");

        Assert.Equal("UnhandledInvocationError", Assert.Single(response.Headers.GetValues("X-Fc-Error-Type")));
        Assert.Equal("System.Text.Json.JsonException", (await response.ReadJsonAsync()).GetProperty("errorType").GetString());
    }

    [Theory]
    [InlineData(Get)]
    [InlineData("""{ "body" : "\u00e9\/", "n": 1.50e3 }""")]
    public async Task Echo_AnyEvent_IsTheBodyByteForByte(string eventJson)
    {
        using var response = await samples.Host.InvokeAsync("echo", eventJson);

        Assert.Equal(eventJson, Body(await response.ReadJsonAsync()).GetRawText());
    }

    private static JsonElement Body(JsonElement result) => result.GetProperty("body");
}
