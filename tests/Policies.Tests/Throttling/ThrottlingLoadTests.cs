using System.Net;
using Gateway.Policies.Throttling;
using static Gateway.Policies.Tests.Throttling.ThrottledPipeline;

namespace Gateway.Policies.Tests.Throttling;

/// <summary>Many callers at once, and many values.</summary>
public class ThrottlingLoadTests
{
    private static readonly ThrottlingOptions Minute = new() { Unit = ThrottlingUnit.Minute };

    /// <summary>RL-12.</summary>
    [Theory]
    [InlineData(ThrottlingUnit.Second)]
    [InlineData(ThrottlingUnit.Minute)]
    public async Task TwoHundredAtOnce_AtALimitOfFifty_AdmitExactlyFifty(ThrottlingUnit unit)
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(new ThrottlingOptions { Unit = unit, PerApi = 50, PerIp = 1000 });

        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (_, _) => await pipeline.SendAsync(plan));

        Assert.Equal(50, pipeline.Served);
    }

    /// <summary>Each limit is reached, none is passed, although most requests are refused by another limit than their neighbours.</summary>
    [Fact]
    public async Task Limits_UnderEveryKindOfRefusal_AreReachedAndNotPassed()
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(Minute with { PerApi = 500, PerApp = 100, PerIp = 40 });
        var byApp = new int[10];
        var byAddress = new int[100];

        await Parallel.ForAsync(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var (app, address) = (i % 10, i * 7 % 100);
            if (await pipeline.CodeAsync(plan, $"app{app}", $"192.0.2.{address}") == "ok")
            {
                Interlocked.Increment(ref byApp[app]);
                Interlocked.Increment(ref byAddress[address]);
            }
        });

        Assert.Equal(500, pipeline.Served);
        Assert.All(byApp, static count => Assert.InRange(count, 0, 100));
        Assert.All(byAddress, static count => Assert.InRange(count, 0, 40));
    }

    [Fact]
    public async Task Counter_InUse_SurvivesAFloodOfOthers()
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(new ThrottlingOptions { Unit = ThrottlingUnit.Day, PerIp = 1000, PerApp = 1 }, maxCounters: 1000);
        Assert.Equal("ok", await pipeline.CodeAsync(plan, "app"));
        for (var i = 0; i < 20_000; i++)
        {
            await pipeline.CodeAsync(plan, null, new IPAddress((uint)i).ToString());
        }

        Assert.Equal("T429PR", await pipeline.CodeAsync(plan, "app"));
    }

    [Fact]
    public void Decision_AllocatesNothing()
    {
        using var pipeline = new ThrottledPipeline();
        var limiter = pipeline.Get<ThrottlingLimiter>();
        var plan = Plan(Minute with { PerApi = 1_000_000, PerApp = 1_000_000, PerIp = 1_000_000 });
        var context = CreateContext(plan, "app", "2001:db8::1", "/shops/1/x?a=b", "tenant");
        limiter.AttemptAcquire(context).Dispose();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            limiter.AttemptAcquire(context).Dispose();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
