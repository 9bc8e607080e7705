using Gateway.Backends.Http;
using Gateway.Backends.Resilience;
using Gateway.Backends.Tests.EventFunctions;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Backends.Tests.Resilience;

/// <summary>Who is to blame for how a call ended (TO-04, TO-09, TO-14).</summary>
public class CallOutcomeTests
{
    private static DefaultHttpContext Context(ForwarderError? error = null, Exception? exception = null, bool hasLeft = false, int status = 200)
    {
        var context = new DefaultHttpContext { RequestAborted = new CancellationToken(hasLeft) };
        context.Features.Set(TestApi.Feature("/"));
        context.Response.StatusCode = status;
        if (error is { } failed)
        {
            context.Features.Set<IForwarderErrorFeature>(new Failed(failed, exception));
        }

        return context;
    }

    [Theory]
    [InlineData(ForwarderError.RequestCanceled)]
    [InlineData(ForwarderError.RequestBodyCanceled)]
    [InlineData(ForwarderError.RequestBodyClient)]
    [InlineData(ForwarderError.RequestBodyDestination)]
    [InlineData(ForwarderError.ResponseBodyCanceled)]
    [InlineData(ForwarderError.ResponseBodyClient)]
    [InlineData(ForwarderError.Request)]
    public void Client_WhoLeaves_SaysNothing(ForwarderError error)
        => Assert.Equal(CallOutcome.Unknown, CallOutcomes.Of(Context(error, new OperationCanceledException(), hasLeft: true)));

    [Theory]
    [InlineData(ForwarderError.RequestBodyClient)]
    [InlineData(ForwarderError.ResponseBodyClient)]
    [InlineData(ForwarderError.UpgradeActivityTimeout)]
    [InlineData(ForwarderError.UpgradeRequestClient)]
    [InlineData(ForwarderError.NoAvailableDestinations)]
    [InlineData(ForwarderError.RequestCreation)]
    public void Failure_ThatIsNotTheBackends_SaysNothing(ForwarderError error)
        => Assert.Equal(CallOutcome.Unknown, CallOutcomes.Of(Context(error, new IOException("reset"))));

    [Fact]
    public void Failure_OfTheBackend_IsATimeoutOrABreak()
    {
        var refused = new HttpRequestException(HttpRequestError.ConnectionError);
        var connecting = new TaskCanceledException("connect", new TimeoutException());

        Assert.Equal(CallOutcome.Broken, CallOutcomes.Of(Context(ForwarderError.Request, refused)));
        Assert.Equal(CallOutcome.TimedOut, CallOutcomes.Of(Context(ForwarderError.Request, new TimeoutException())));
        Assert.Equal(CallOutcome.TimedOut, CallOutcomes.Of(Context(ForwarderError.RequestTimedOut, connecting)));
        Assert.Equal(CallOutcome.Broken, CallOutcomes.Of(Context(ForwarderError.RequestBodyDestination, new IOException("reset"))));
        Assert.Equal(CallOutcome.Broken, CallOutcomes.Of(Context(ForwarderError.ResponseBodyDestination, new IOException("reset"))));
        Assert.Equal(CallOutcome.TimedOut, CallOutcomes.Of(Context(ForwarderError.ResponseBodyDestination, new OperationCanceledException(), hasLeft: true)));
        Assert.Equal(CallOutcome.Failed, CallOutcomes.Of(Context(ForwarderError.ResponseHeaders, new IOException("reset"))));
    }

    [Theory]
    [InlineData(200, (int)CallOutcome.Answered)]
    [InlineData(499, (int)CallOutcome.Answered)]
    [InlineData(500, (int)CallOutcome.Failed)]
    [InlineData(503, (int)CallOutcome.Failed)]
    public void Answer_IsJudgedByItsStatus(int status, int expected) => Assert.Equal((CallOutcome)expected, CallOutcomes.Of(Context(status: status)));

    public static TheoryData<string, int> Refusals => new()
    {
        { GatewayError.FunctionTimeout.Code, (int)CallOutcome.TimedOut },
        { GatewayError.FunctionResultInvalid.Code, (int)CallOutcome.Failed },
        { GatewayError.Busy.Code, (int)CallOutcome.Failed },
        { GatewayError.BodyTooLarge.Code, (int)CallOutcome.Unknown },
        { GatewayError.InvalidBody.Code, (int)CallOutcome.Unknown },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Refusal_IsTheBackendsFromFiveHundredUp(string code, int expected)
    {
        var context = Context();
        ReadOnlySpan<GatewayError> errors =
            [GatewayError.FunctionTimeout, GatewayError.FunctionResultInvalid, GatewayError.Busy, GatewayError.BodyTooLarge, GatewayError.InvalidBody];
        foreach (var error in errors)
        {
            if (error.Code == code)
            {
                context.Fail(error);
            }
        }

        Assert.Equal((CallOutcome)expected, CallOutcomes.Of(context));
    }

    /// <summary>TO-04: an access log shows 499, not a failure of the backend.</summary>
    [Fact]
    public async Task Client_WhoLeaves_IsStatus499()
    {
        var context = Context(ForwarderError.RequestCanceled, new OperationCanceledException(), hasLeft: true, status: 502);

        await new ForwarderErrorMiddleware(static _ => Task.CompletedTask, NullLogger<ForwarderErrorMiddleware>.Instance).InvokeAsync(context);

        Assert.Equal((499, null), (context.Response.StatusCode, context.Gateway().Failure));
    }

    private sealed record Failed(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;
}
