using System.Text.Json;
using CsCheck;

namespace Gateway.LocalFunctions.Tests;

/// <summary>Events to beans and back, through a handler that answers with what it got.</summary>
[Collection("Java")]
public sealed class JavaBeanTests(JavaFixture java)
{
    private const string Zero =
        """{"URL":null,"any":null,"big":0,"boxed":null,"bytes":null,"color":null,"headers":null,"isBase64Encoded":false,"numbers":null,"pair":null,"publicField":null,"real":0.0,"statusCode":0,"text":null}""";

    [Theory]
    [InlineData("""{}""", "", "")]
    [InlineData("""{ "unknown" : [ { } , [ ] , -0.5e-3 ] , "URL" : "no setter" }""", "", "")]
    [InlineData("""{"isBase64Encoded":true}""", "\"isBase64Encoded\":false", "\"isBase64Encoded\":true")]
    [InlineData("""{"isBase64Encoded":"True"}""", "\"isBase64Encoded\":false", "\"isBase64Encoded\":true")]
    [InlineData("""{"isBase64Encoded":null,"statusCode":null}""", "", "")]
    [InlineData("""{"boxed":"false"}""", "\"boxed\":null", "\"boxed\":false")]
    [InlineData("""{"boxed":1}""", "\"boxed\":null", "\"boxed\":true")]
    [InlineData("""{"statusCode":" 201 "}""", "\"statusCode\":0", "\"statusCode\":201")]
    [InlineData("""{"statusCode":201.9}""", "\"statusCode\":0", "\"statusCode\":201")]
    [InlineData("""{"statusCode":""}""", "", "")]
    [InlineData("""{"big":-9223372036854775808}""", "\"big\":0", "\"big\":-9223372036854775808")]
    [InlineData("""{"real":1.5e2}""", "\"real\":0.0", "\"real\":150.0")]
    [InlineData("""{"real":"NaN or so","real":2}""", "\"real\":0.0", "\"real\":2.0")]
    [InlineData("""{"text":12}""", "\"text\":null", "\"text\":\"12\"")]
    [InlineData("""{"text":true}""", "\"text\":null", "\"text\":\"true\"")]
    [InlineData("""{"text":"\ud83d\ude00 \u00e9\/\b\f\n\r\t\"\\\u0001 \ud83d"}""", "\"text\":null", """
        "text":"😀 é/\b\f\n\r\t\"\\\u0001 \ud83d"
        """)]
    [InlineData("""{"color":"GREEN"}""", "\"color\":null", "\"color\":\"GREEN\"")]
    [InlineData("""{"bytes":"AP8="}""", "\"bytes\":null", "\"bytes\":\"AP8=\"")]
    [InlineData("""{"numbers":[1,"2"]}""", "\"numbers\":null", "\"numbers\":[1,2]")]
    [InlineData("""{"any":{"b":[1,99999999999,1.25,null,true],"a":"x"}}""", "\"any\":null", """
        "any":{"b":[1,99999999999,1.25,null,true],"a":"x"}
        """)]
    [InlineData("""{"headers":{"z":1,"a":null}}""", "\"headers\":null", """
        "headers":{"z":"1","a":null}
        """)]
    [InlineData("""{"publicField":"seen"}""", "\"publicField\":null", "\"publicField\":\"seen\"")]
    [InlineData("""{"pair":{"first":{},"rest":[{},null]}}""", "\"pair\":null", "\"pair\":{\"first\":" + Zero + ",\"rest\":[" + Zero + ",null]}")]
    public async Task Event_Fits_BecomesTheBeanAndTheResult(string eventJson, string inZero, string expected)
        => Assert.Equal(inZero.Length == 0 ? Zero : Zero.Replace(inZero, expected, StringComparison.Ordinal), await java.TextAsync("beans", eventJson));

    [Fact]
    public async Task Event_AnyStrings_ComeBackUnchanged()
    {
        JavaFixture.Require();
        await Gen.String[Gen.Char['\0', '\ud7ff'], 0, 40].Array[0, 20].SampleAsync(
            async strings =>
            {
                var json = JsonSerializer.Serialize(strings);
                using var result = JsonDocument.Parse(await java.TextAsync("beans", $"{{\"any\":{json}}}"));
                return JsonElement.DeepEquals(JsonElement.Parse(json), result.RootElement.GetProperty("any"));
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public async Task Event_Null_IsNoBean() => Assert.Equal("null", await java.TextAsync("beans", "null"));

    [Theory]
    [InlineData("""[]""", "the event: found an array, expected an object")]
    [InlineData("""{"headers":{"a":{}}}""", "the event.headers.a: found an object, expected a String")]
    [InlineData("""{"pair":{"rest":[{"numbers":{}}]}}""", "the event.pair.rest[].numbers: found an object, expected an array")]
    [InlineData("""{"statusCode":"OK"}""", "the event.statusCode: found the string 'OK', expected a int")]
    [InlineData("""{"statusCode":2147483648}""", "the event.statusCode: found 2147483648, expected a int")]
    [InlineData("""{"statusCode":"1e999999999"}""", "the event.statusCode: found the string '1e999999999', expected a int")]
    [InlineData("""{"isBase64Encoded":"yes"}""", "the event.isBase64Encoded: found the string 'yes', expected a boolean")]
    [InlineData("""{"color":"BLUE"}""", "the event.color: found the string 'BLUE', expected a Color")]
    [InlineData("""{"bytes":"***"}""", "the event.bytes: found a string that is not Base64")]
    [InlineData("", "the event is no JSON: found the end at 0, expected a value")]
    [InlineData("a=1", "the event is no JSON: found 'a' at 0, expected a value")]
    [InlineData("""{"a":1,}""", "the event is no JSON: found '}' at 7, expected a name")]
    [InlineData("""{"a" 1}""", "the event is no JSON: found '1' at 5, expected ':'")]
    [InlineData("""{"a":01}""", "the event is no JSON: found '1' at 6, expected '}'")]
    [InlineData("""{"a":"\x"}""", "the event is no JSON: found 'x' at 7, expected an escape")]
    [InlineData("""{"a":"\u12g4"}""", "the event is no JSON: found 'g' at 10, expected four hexadecimal digits")]
    [InlineData("""{"a":"b""", "the event is no JSON: found the end at 7, expected a closing quote")]
    [InlineData("""{} x""", "the event is no JSON: found 'x' at 3, expected the end")]
    [InlineData("""{"throwing":"this"}""", "not this")]
    public async Task Event_DoesNotFit_IsAFunctionErrorThatSaysWhere(string eventJson, string message)
    {
        using var response = await java.CallAsync("beans", eventJson);

        Assert.Equal("UnhandledInvocationError", Assert.Single(response.Headers.GetValues("X-Fc-Error-Type")));
        Assert.StartsWith(
            $$"""{"errorMessage":"{{message}}","errorType":""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }
}
