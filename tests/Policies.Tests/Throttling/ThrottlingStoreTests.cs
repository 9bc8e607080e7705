using Gateway.Policies.Throttling;
using static Gateway.Policies.Tests.Throttling.ThrottledPipeline;

namespace Gateway.Policies.Tests.Throttling;

/// <summary>Stores other than the local one, which a later version may bring.</summary>
public class ThrottlingStoreTests
{
    private static readonly ThrottlingOptions Minute = new() { Unit = ThrottlingUnit.Minute };

    /// <summary>A store that others share answers later: the second question of the middleware waits for it.</summary>
    [Fact]
    public async Task Store_ThatAnswersLater_DecidesTheSame()
    {
        using var pipeline = new ThrottledPipeline(store: static local => new LaterStore(local));
        var plan = Plan(Minute with { PerApi = 3, PerIp = 100 }, concurrency: 1);

        Assert.Equal(3, await pipeline.ExhaustAsync(plan));
        Assert.Equal(("T429PA", "10"), await pipeline.SendAsync(plan) is var refused ? (refused.Failure!.Code, refused.RetryAfter) : default);
        Assert.Equal(3, pipeline.Served);
        Assert.Equal(0, pipeline.Get<ConcurrencyGates>().Of("g/a").Running);
    }

    [Fact]
    public async Task Store_ThatFails_LeavesNoPlaceTaken()
    {
        using var pipeline = new ThrottledPipeline(store: static local => new FailingStore(local));
        var plan = Plan(Minute with { PerApi = 3 }, concurrency: 1);

        await Assert.ThrowsAsync<TimeoutException>(() => pipeline.SendAsync(plan));
        await Assert.ThrowsAsync<TimeoutException>(() => pipeline.SendAsync(plan));
        Assert.Equal(0, pipeline.Get<ConcurrencyGates>().Of("g/a").Running);
    }

    private sealed class LaterStore(IThrottlingStore inner) : IThrottlingStore
    {
        public Hash128 CreateKey(Hash128 limit, ReadOnlySpan<byte> value) => inner.CreateKey(limit, value);

        public async ValueTask<bool> ChargeAsync(Memory<ThrottlingCharge> charges, int maxCounters)
        {
            await Task.Yield();
            return await inner.ChargeAsync(charges, maxCounters);
        }
    }

    private sealed class FailingStore(IThrottlingStore inner) : IThrottlingStore
    {
        public Hash128 CreateKey(Hash128 limit, ReadOnlySpan<byte> value) => inner.CreateKey(limit, value);

        public async ValueTask<bool> ChargeAsync(Memory<ThrottlingCharge> charges, int maxCounters)
        {
            await Task.Yield();
            throw new TimeoutException();
        }
    }
}
