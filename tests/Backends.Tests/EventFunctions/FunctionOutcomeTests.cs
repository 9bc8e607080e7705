using System.Net;
using System.Text;
using Gateway.Contracts;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>What the function service says about a call comes before its body is looked at.</summary>
public sealed class FunctionOutcomeTests
{
    private const string GoodResult = """{"statusCode":200,"body":"hello"}""";
    private const string Thrown = """{"errorMessage":"secret of the function","errorType":"TypeError","stackTrace":["at handler (/code/index.js:3:5)"]}""";

    [Theory]
    [InlineData(200, "UnhandledInvocationError", Thrown, "the function failed (UnhandledInvocationError)")]
    [InlineData(200, "HandledInvocationError", GoodResult, "the function failed (HandledInvocationError)")]
    [InlineData(200, "<script> and more", GoodResult, "the function failed (unnamed error)")]
    [InlineData(500, "UnhandledInvocationError", Thrown, "the function failed (UnhandledInvocationError)")]
    public async Task ErrorType_OfAFunction_IsAFailureWhateverTheBodySays(int status, string errorType, string body, string detail)
    {
        using var reply = Reply(status, body, ("X-Fc-Error-Type", errorType));

        var answer = await FunctionAnswer.OfAsync(reply);

        Assert.Equal(GatewayError.FunctionResultInvalid, answer.Gateway.Failure);
        Assert.Equal(detail, answer.Gateway.FailureDetail);
        Assert.Contains(body[..30], Assert.Single(answer.Log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, """{"RequestId":"1","Code":"FunctionNotFound","Message":"function 'hello' does not exist"}""", "the function service answered 404 (FunctionNotFound)")]
    [InlineData(403, """{"errorCode":"AccessDenied","errorMessage":"secret"}""", "the function service answered 403 (AccessDenied)")]
    [InlineData(400, """{"ErrorCode":"InvalidArgument"}""", "the function service answered 400 (InvalidArgument)")]
    [InlineData(412, """{"code":"CAExited"}""", "the function service answered 412 (CAExited)")]
    [InlineData(500, """{"Code":"with blanks and <tags>"}""", "the function service answered 500")]
    [InlineData(500, """{"Code":5}""", "the function service answered 500")]
    [InlineData(500, """{"nested":{"Code":"Inner"}}""", "the function service answered 500")]
    [InlineData(502, "<html>", "the function service answered 502")]
    [InlineData(302, "", "the function service answered 302")]
    [InlineData(409, """{"Code":"ConcurrentUpdateError","Message":"cut o""", "the function service answered 409 (ConcurrentUpdateError)")]
    public async Task Status_OfTheService_IsNamedWithItsErrorCodeOnly(int status, string body, string detail)
    {
        using var reply = Reply(status, body);

        var answer = await FunctionAnswer.OfAsync(reply);

        Assert.Equal(GatewayError.FunctionResultInvalid, answer.Gateway.Failure);
        Assert.Equal(502, answer.Response.StatusCode);
        Assert.Equal(detail, answer.Gateway.FailureDetail);
        Assert.StartsWith("3100 Warning", Assert.Single(answer.Log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "7", "7")]
    [InlineData(503, "Sun, 22 Nov 2026 10:00:00 GMT", "Sun, 22 Nov 2026 10:00:00 GMT")]
    [InlineData(429, null, null)]
    [InlineData(503, "soon\u00e9", null)]
    public async Task Throttling_OfTheService_IsBusyWithItsRetryAfter(int status, string? retryAfter, string? expected)
    {
        using var reply = Reply(status, """{"Code":"ResourceExhausted"}""");
        if (retryAfter is not null)
        {
            reply.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        var answer = await FunctionAnswer.OfAsync(reply);

        Assert.Equal(GatewayError.Busy, answer.Gateway.Failure);
        Assert.Equal(503, answer.Response.StatusCode);
        Assert.Equal(expected, answer.Gateway.RetryAfter);
        Assert.StartsWith("3101 Warning", Assert.Single(answer.Log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "200", null)]
    [InlineData(200, null, null)]
    [InlineData(200, "404", "the function failed (x-fc-status 404)")]
    [InlineData(404, "404", "the function failed with status 404")]
    [InlineData(500, null, "the function failed with status 500")]
    public async Task CustomRuntime_StatusOrStatusHeader_TellsAFailure(int status, string? runtimeStatus, string? detail)
    {
        using var reply = Reply(status, GoodResult);
        if (runtimeStatus is not null)
        {
            reply.Headers.Add("x-fc-status", runtimeStatus);
        }

        var answer = await FunctionAnswer.OfAsync(reply, TestApi.Create(new EventFunctionOptions { Invoke = InvokeProtocol.CustomRuntime }));

        Assert.Equal(detail, answer.Gateway.FailureDetail);
        Assert.Equal(detail is null ? 200 : 502, answer.Response.StatusCode);
    }

    [Fact]
    public async Task Failure_OfAnyLength_IsReadOnlyAtItsBeginning()
    {
        using var reply = Reply(500, new string('x', 1 << 20));

        var answer = await FunctionAnswer.OfAsync(reply);

        Assert.Equal("the function service answered 500", answer.Gateway.FailureDetail);
        Assert.Equal(200, Assert.Single(answer.Log).Count(static c => c == 'x'));
    }

    [Theory]
    [InlineData("2fffbaa5-51e9-4066-8cff-f6cd03e033f2", "2fffbaa5-51e9-4066-8cff-f6cd03e033f2")]
    [InlineData("one\u00e9 and more", "none")]
    [InlineData(null, "none")]
    public async Task Failure_OfACall_IsLoggedWithTheIdOfTheCall(string? callId, string expected)
    {
        (string, string)[] headers = callId is null ? [] : [("X-Fc-Request-Id", callId)];
        using var failed = Reply(200, Thrown, [("X-Fc-Error-Type", "UnhandledInvocationError"), .. headers]);
        using var invalid = Reply(200, "hello", headers);

        foreach (var reply in (HttpResponseMessage[])[failed, invalid])
        {
            var answer = await FunctionAnswer.OfAsync(reply);
            Assert.Contains($", call {expected}: ", Assert.Single(answer.Log), StringComparison.Ordinal);
        }
    }

    private static HttpResponseMessage Reply(int status, string body, params (string Name, string Value)[] headers)
    {
        var reply = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        foreach (var (name, value) in headers)
        {
            reply.Headers.TryAddWithoutValidation(name, value);
        }

        return reply;
    }
}
