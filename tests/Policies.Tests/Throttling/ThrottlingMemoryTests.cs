using System.Net;
using Gateway.Contracts;
using Gateway.Policies.Throttling;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Gateway.Policies.Tests.Throttling.ThrottledPipeline;

namespace Gateway.Policies.Tests.Throttling;

/// <summary>RL-22: what clients choose cannot take more memory than the bound, however much of it comes. Alone, because it measures the whole heap.</summary>
[CollectionDefinition(nameof(ThrottlingMemoryTests), DisableParallelization = true)]
[Collection(nameof(ThrottlingMemoryTests))]
public class ThrottlingMemoryTests
{
    private const int Bound = 100_000;

    private static readonly ThrottlingOptions Limits = new() { Unit = ThrottlingUnit.Minute, PerIp = 10, PerApi = 2_000_000 };

    [Fact]
    public async Task AMillionValues_StayWithinTheBound_AndALowerBoundGivesMemoryBack()
    {
        var plan = Plan(Limits, maxCounters: Bound)!;
        var store = new LocalThrottlingStore(new FakeTimeProvider(), TestMetrics.Create(), NullLogger<LocalThrottlingStore>.Instance);
        var empty = GC.GetTotalMemory(forceFullCollection: true);

        await ChargeAsync(store, plan, 0, 1_000_000);

        Assert.InRange(store.Count, Bound * 9 / 10, Bound);
        var full = GC.GetTotalMemory(forceFullCollection: true);
        Assert.True(full - empty < 64L * Bound, $"{(full - empty) / Bound} bytes a counter");

        var remaining = await ChargeAsync(store, Plan(Limits, maxCounters: Bound / 10)!, 1_000_000, 100);

        Assert.Equal(999_900, remaining); // The API's own counter was there all the time.
        Assert.InRange(store.Count, Bound * 9 / 100, Bound / 10);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - empty < 64L * Bound / 10);
        GC.KeepAlive(store);
    }

    /// <returns>What is left of the API's limit.</returns>
    private static async Task<long> ChargeAsync(LocalThrottlingStore store, ThrottlingPlan plan, int first, int count)
    {
        var charges = new ThrottlingCharge[2];
        var gateway = new GatewayFeature { RequestId = "1" };
        var context = CreateContext(plan, null, null, "/", null);
        for (var i = first; i < first + count; i++)
        {
            gateway.ClientAddress = new IPAddress((uint)i);
            Assert.True(plan.Limits[0].TryCharge(context, gateway, store, out charges[0]));
            Assert.True(plan.Limits[1].TryCharge(context, gateway, store, out charges[1]));
            Assert.True(await store.ChargeAsync(charges, plan.MaxCounters));
        }

        return charges[1].Remaining;
    }
}
