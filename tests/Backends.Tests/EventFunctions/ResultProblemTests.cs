using System.Text;
using Gateway.Backends.EventFunctions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>The kinds of problems that a metric counts, of results as functions return them.</summary>
public sealed class ResultProblemTests
{
    [Theory]
    [InlineData("", "not_json")]
    [InlineData("hello", "not_json")]
    [InlineData("[]", "not_json")]
    [InlineData("""{"body":"x"}""", "missing_status")]
    [InlineData("""{"statusCode":null}""", "missing_status")]
    [InlineData("""{"statusCode":"many"}""", "bad_status")]
    [InlineData("""{"statusCode":99}""", "bad_status")]
    [InlineData("""{"statusCode":200,"isBase64Encoded":1}""", "bad_base64")]
    [InlineData("""{"statusCode":200,"isBase64Encoded":true,"body":"?"}""", "bad_base64")]
    [InlineData("""{"statusCode":200,"headers":"X: 1"}""", "bad_headers")]
    [InlineData("""{"statusCode":200,"body":"\ud800"}""", "bad_body")]
    public void KindOf_AProblem_IsOneOfTheClosedList(string result, string kind)
    {
        var isResult = EventResultReader.TryRead(Encoding.UTF8.GetBytes(result), new HeaderDictionary(), out _, out var problem);

        Assert.False(isResult);
        Assert.Equal(kind, ResultProblem.KindOf(problem!));
        Assert.Contains(kind, ResultProblem.Kinds);
    }
}
