using Gateway.Policies.Throttling;
using static Gateway.Policies.Tests.Throttling.ThrottledPipeline;

namespace Gateway.Policies.Tests.Throttling;

public class ConcurrencyTests
{
    private static readonly ThrottlingOptions Minute = new() { Unit = ThrottlingUnit.Minute };

    [Fact]
    public async Task Concurrency_Reached_RefusesUntilARequestEnds()
    {
        var held = new TaskCompletionSource();
        using var pipeline = new ThrottledPipeline(_ => held.Task);
        var plan = Plan([], concurrency: 2);
        var first = pipeline.SendAsync(plan);
        var second = pipeline.SendAsync(Plan([], concurrency: 2)); // A reload in between changes nothing.

        var refused = await pipeline.SendAsync(plan);
        Assert.Equal(("X503BZ", "1"), (refused.Failure!.Code, refused.RetryAfter));
        Assert.Equal("X503BZ", await pipeline.CodeAsync(Plan([], concurrency: 1)));
        Assert.Equal(2, pipeline.Served);

        held.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal("ok", await pipeline.CodeAsync(plan));
        Assert.Equal(0, pipeline.Get<ConcurrencyGates>().Of("g/a").Running);
    }

    [Fact]
    public async Task Concurrency_OfOneApi_IsNotAnothers()
    {
        var held = new TaskCompletionSource();
        using var pipeline = new ThrottledPipeline(_ => held.Task);
        var first = pipeline.SendAsync(Plan([], "g/a", concurrency: 1));

        var second = pipeline.SendAsync(Plan([], "g/b", concurrency: 1));

        Assert.Equal(2, pipeline.Served);
        held.SetResult();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task Endpoint_ThatThrows_LeavesItsPlace()
    {
        using var pipeline = new ThrottledPipeline(static _ => throw new OperationCanceledException());
        var plan = Plan([], concurrency: 1);

        await Assert.ThrowsAsync<OperationCanceledException>(() => pipeline.SendAsync(plan));
        await Assert.ThrowsAsync<OperationCanceledException>(() => pipeline.SendAsync(plan));
    }

    [Fact]
    public async Task Refusal_ByALimit_TakesNoPlace_AndByConcurrency_ChargesNothing()
    {
        var held = new TaskCompletionSource();
        using var pipeline = new ThrottledPipeline(_ => held.Task);
        var plan = Plan(Minute with { PerApi = 2 }, concurrency: 1);
        var running = pipeline.SendAsync(plan);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("X503BZ", await pipeline.CodeAsync(plan));
        }

        held.SetResult();
        await running;
        Assert.Equal("ok", await pipeline.CodeAsync(plan));
        Assert.Equal("T429PA", await pipeline.CodeAsync(plan));
        Assert.Equal(0, pipeline.Get<ConcurrencyGates>().Of("g/a").Running);
    }
}
