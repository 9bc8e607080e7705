using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Backends.Tests.EventFunctions;

public sealed class EventResponseTransformTests
{
    private static readonly byte[] Hello = """{"statusCode":200,"body":"hello"}"""u8.ToArray();
    private static readonly byte[] Json = """{"statusCode":200,"body":{"a":1}}"""u8.ToArray();

    [Theory]
    [InlineData("GET", 200, true)]
    [InlineData("HEAD", 200, false)]
    [InlineData("GET", 204, false)]
    [InlineData("GET", 205, false)]
    [InlineData("GET", 304, false)]
    [InlineData("GET", 404, true)]
    [InlineData("GET", 599, true)]
    public async Task Body_OfMethodAndStatus_IsSentOnlyWhereHttpHasOne(string method, int status, bool hasBody)
    {
        var result = Encoding.UTF8.GetBytes($$"""{"statusCode":{{status}},"body":"hello"}""");

        var answer = await FunctionAnswer.OfResultAsync(result, method: method);

        Assert.Equal(status, answer.Response.StatusCode);
        Assert.Equal(hasBody ? "hello" : "", Encoding.UTF8.GetString(answer.Body));
        Assert.Equal(status is 204 or 205 or 304 ? null : 5, answer.Response.ContentLength);
    }

    [Fact]
    public async Task Status_EachFrom200To599_SurvivesUnchanged()
    {
        for (var status = 200; status <= 599; status++)
        {
            var answer = await FunctionAnswer.OfResultAsync(Encoding.UTF8.GetBytes($$"""{"statusCode":{{status}}}"""));

            Assert.Null(answer.Gateway.Failure);
            Assert.Equal(status, answer.Response.StatusCode);
        }
    }

    [Theory]
    [InlineData("""{"statusCode":200,"body":"x"}""", null, false, null)]
    [InlineData("""{"statusCode":200,"body":{}}""", null, false, "application/json; charset=utf-8")]
    [InlineData("""{"statusCode":200,"body":"x"}""", "text/html", false, "text/html")]
    [InlineData("""{"statusCode":200,"body":{}}""", "text/html", false, "text/html")]
    [InlineData("""{"statusCode":200,"body":"x","headers":{"content-type":"text/plain"}}""", "text/html", false, "text/plain")]
    [InlineData("""{"statusCode":200,"body":"x","headers":{"content-type":"text/plain"}}""", "text/html", true, "text/html")]
    [InlineData("""{"statusCode":204,"body":"x"}""", "text/html", true, null)]
    [InlineData("""{"statusCode":302}""", "text/html", true, null)]
    public async Task ContentType_OfFunctionApiAndBody_IsTheFirstThatThereIs(string result, string? configured, bool force, string? expected)
    {
        var api = TestApi.Create(responseContentType: configured, forceResponseContentType: force);

        var answer = await FunctionAnswer.OfResultAsync(Encoding.UTF8.GetBytes(result), api);

        Assert.Equal(expected, answer.Response.ContentType);
    }

    [Fact]
    public async Task ReasonPhrase_OfTheCall_DoesNotReachTheClient()
    {
        using var reply = new HttpResponseMessage(HttpStatusCode.OK) { ReasonPhrase = "Invoked", Content = new ByteArrayContent(Hello) };

        var answer = await FunctionAnswer.OfAsync(reply);

        Assert.Null(answer.Response.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase);
    }

    [Fact]
    public async Task Headers_OfTheService_DoNotReachTheClient()
    {
        using var reply = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Hello) };
        reply.Headers.Add("X-Fc-Request-Id", "1-2-3");
        reply.Headers.Add("Set-Cookie", "service=1");
        reply.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");

        var answer = await FunctionAnswer.OfAsync(reply);

        Assert.Equal(["Content-Length"], answer.Response.Headers.Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Result_LargerThanTheLimit_IsRefusedWithoutReadingItsRest(bool isLengthKnown)
    {
        var source = new CountingStream([.. Json, .. Enumerable.Repeat((byte)' ', 1 << 20)], isLengthKnown);
        using var reply = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(source) };
        var api = TestApi.Create(new EventFunctionOptions { MaxResult = new ByteSize(2048) });

        var answer = await FunctionAnswer.OfAsync(reply, api);

        Assert.Equal(GatewayError.FunctionResultInvalid, answer.Gateway.Failure);
        Assert.Equal("result: expected at most 2KB, found more", answer.Gateway.FailureDetail);
        Assert.Equal(502, answer.Response.StatusCode);
        Assert.InRange(source.BytesRead, 0, 8192);
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public async Task Result_AtTheLimit_IsRead(int length, bool isRead)
    {
        var result = new byte[length];
        result.AsSpan().Fill((byte)' ');
        Hello.CopyTo(result, 0);

        var answer = await FunctionAnswer.OfResultAsync(result, TestApi.Create(new EventFunctionOptions { MaxResult = new ByteSize(2048) }));

        Assert.Equal(isRead, answer.Gateway.Failure is null);
    }

    [Fact]
    public async Task Answer_ThatBreaksOff_IsABackendFailureAndNotAResult()
    {
        using var reply = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new CountingStream(Hello, canSeek: false) { BreaksOff = true }) };

        var answer = await FunctionAnswer.OfAsync(reply);

        Assert.Equal(GatewayError.BackendResponseFailed, answer.Gateway.Failure);
        Assert.DoesNotContain("10.1.2.3", answer.Gateway.FailureDetail, StringComparison.Ordinal);
        Assert.StartsWith("3103 Warning", Assert.Single(answer.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_OfTheAnswer_AreTakenWhenItIsWhole()
    {
        var before = System.Diagnostics.Stopwatch.GetTimestamp();

        var answer = await FunctionAnswer.OfResultAsync(Hello);

        Assert.InRange(answer.Gateway.BackendAnsweredAt, before, System.Diagnostics.Stopwatch.GetTimestamp());
    }

    [Fact]
    public async Task Log_OfABadResult_ShowsItsBeginningWithoutRawControlCharacters()
    {
        byte[] beginning = [.. "{\"a\":\"\u001b[2J\r\n2026 forged line \u202e\u2028"u8, 0xff];
        byte[] result = [.. beginning, .. Enumerable.Repeat((byte)'z', 300)];

        var answer = await FunctionAnswer.OfResultAsync(result);

        var line = Assert.Single(answer.Log);
        Assert.DoesNotContain(line, static c => char.IsControl(c) || c is '\u2028' or '\u202e');
        Assert.Contains("Function hello of API fc-group/greet", line, StringComparison.Ordinal);
        Assert.Contains(TestApi.RequestId, line, StringComparison.Ordinal);
        Assert.Contains(@"{""a"":""\x1b[2J\x0d\x0a2026 forged line \u202e\u2028\xff", line, StringComparison.Ordinal);
        Assert.Equal(200 - beginning.Length, line.Count(static c => c == 'z'));
    }

    [Fact]
    public async Task Log_OfOddResults_NamesDroppedHeadersAndUnknownFields()
    {
        var answer = await FunctionAnswer.OfResultAsync("""{"statusCode":200,"headers":{"a b":"1","c":"\n"},"multiValueHeaders":{}}"""u8.ToArray());

        Assert.Equal(2, answer.Log.Count);
        Assert.StartsWith("3105 Warning Left out 2 headers", answer.Log[0], StringComparison.Ordinal);
        Assert.EndsWith("the first: a b", answer.Log[0], StringComparison.Ordinal);
        Assert.StartsWith("3106 Debug", answer.Log[1], StringComparison.Ordinal);
        Assert.EndsWith(": multiValueHeaders", answer.Log[1], StringComparison.Ordinal);
    }

    private sealed class CountingStream(byte[] bytes, bool canSeek) : MemoryStream(bytes)
    {
        public int BytesRead { get; private set; }

        public bool BreaksOff { get; init; }

        public override bool CanSeek => canSeek;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            BytesRead += read;
            return read == 0 && BreaksOff ? throw new HttpIOException(HttpRequestError.ResponseEnded, "10.1.2.3 closed the connection") : read;
        }
    }
}
