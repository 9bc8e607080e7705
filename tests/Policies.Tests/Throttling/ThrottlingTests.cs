using System.Globalization;
using Gateway.Policies.Throttling;
using static Gateway.Policies.Tests.Throttling.ThrottledPipeline;

namespace Gateway.Policies.Tests.Throttling;

/// <summary>What callers see of a policy, through the framework's own middleware.</summary>
public class ThrottlingTests
{
    private static readonly ThrottlingOptions Minute = new() { Unit = ThrottlingUnit.Minute };

    private static ThrottlingOptions Rule(ThrottlingRuleOptions rule)
        => Minute with { Rules = new Dictionary<string, ThrottlingRuleOptions> { ["tenant"] = rule } };

    [Fact]
    public void Compile_WithoutAnyLimit_GivesNoPlan()
    {
        Assert.Null(Plan([]));
        Assert.Null(Plan(Minute with { PerApp = 5 }, hasApps: false));
        Assert.NotNull(Plan([], concurrency: 1));
        Assert.NotNull(Plan(Minute with { PerApi = 1 }));
    }

    [Theory]
    [InlineData("api", "T429PA", "Throttled by API Flow Control")]
    [InlineData("app", "T429PR", "Throttled by PLUGIN Flow Control")]
    [InlineData("special", "T429PR", "Throttled by PLUGIN Flow Control")]
    [InlineData("ip", "T429MR", "Too Many Requests, throttle by client address")]
    [InlineData("rule", "T429MR", "Too Many Requests, throttle by tenant")]
    public async Task Refusal_SaysWhichLimit_AndNeverAValue(string scope, string code, string message)
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(scope switch
        {
            "api" => Minute with { PerApi = 3 },
            "app" => Minute with { PerApp = 3 },
            "special" => Minute with { PerApp = 100, Apps = new Dictionary<string, long> { ["FCAPP"] = 3 } },
            "ip" => Minute with { PerIp = 3 },
            _ => Rule(new ThrottlingRuleOptions { Header = "X-Tenant", Limit = 3 }),
        });

        Assert.Equal(3, await pipeline.ExhaustAsync(plan, "fcApp", header: "secret-tenant"));

        var refused = await pipeline.SendAsync(plan, "fcApp", header: "secret-tenant");
        Assert.Equal(code, refused.Failure!.Code);
        Assert.Equal(message, refused.Failure.Describe(refused.FailureDetail));
        Assert.Equal("10", refused.RetryAfter);
        Assert.Equal(3, pipeline.Served);
    }

    /// <summary>RL-06, RL-07: an integer of at least 1, at which a retry is admitted.</summary>
    [Theory]
    [InlineData(ThrottlingUnit.Second, 0.0, 1)]
    [InlineData(ThrottlingUnit.Minute, 0.0, 10)]
    [InlineData(ThrottlingUnit.Minute, 0.3, 10)]
    [InlineData(ThrottlingUnit.Minute, 9.9, 1)]
    [InlineData(ThrottlingUnit.Hour, 0.0, 910)]
    [InlineData(ThrottlingUnit.Day, 0.0, 11710)]
    public async Task RetryAfter_IsWhenARetryIsAdmitted(ThrottlingUnit unit, double later, int expected)
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(new ThrottlingOptions { Unit = unit, PerIp = 2 });
        pipeline.Time.Advance(TimeSpan.FromSeconds(later));
        Assert.Equal(2, await pipeline.ExhaustAsync(plan));

        var refused = await pipeline.SendAsync(plan);

        Assert.Equal(expected.ToString(CultureInfo.InvariantCulture), refused.RetryAfter);
        pipeline.Time.Advance(TimeSpan.FromSeconds(expected));
        Assert.Equal("ok", await pipeline.CodeAsync(plan));
    }

    [Fact]
    public async Task Refusal_BySeveralLimits_NamesTheOneThatLastsLongest()
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan([
            KeyValuePair.Create("second", new ThrottlingOptions { Unit = ThrottlingUnit.Second, PerIp = 2 }),
            KeyValuePair.Create("hour", new ThrottlingOptions { Unit = ThrottlingUnit.Hour, PerApi = 2 }),
        ]);
        Assert.Equal(2, await pipeline.ExhaustAsync(plan));

        var refused = await pipeline.SendAsync(plan);

        Assert.Equal(("T429PA", "910"), (refused.Failure!.Code, refused.RetryAfter));
        pipeline.Time.Advance(TimeSpan.FromSeconds(910));
        Assert.Equal("ok", await pipeline.CodeAsync(plan));
    }

    /// <summary>
    /// The framework's middleware asks twice for a refused request; with the built-in limiters 20 permits, one request admitted and three refused by
    /// another limit left 13. Only the admitted one may count.
    /// </summary>
    [Fact]
    public async Task Refusal_ByOneLimit_ChargesNoOther()
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan([
            KeyValuePair.Create("wide", Minute with { PerApi = 20 }),
            KeyValuePair.Create("narrow", Minute with { PerIp = 1, PerApp = 20 }),
        ]);
        Assert.Equal("ok", await pipeline.CodeAsync(plan, "app"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("T429MR", await pipeline.CodeAsync(plan, "app"));
        }

        var admitted = 0;
        for (var i = 2; i < 100; i++)
        {
            admitted += await pipeline.CodeAsync(plan, "app", $"192.0.2.{i}") == "ok" ? 1 : 0;
        }

        Assert.Equal(19, admitted);
    }

    /// <summary>RL-01: callers at twice the limit for ten windows get exactly the limit in each.</summary>
    [Fact]
    public async Task Window_AtTwiceTheLimit_AdmitsExactlyTheLimit()
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(Minute with { PerApi = 5 });
        for (var window = 1; window <= 10; window++)
        {
            for (var i = 0; i < 10; i++)
            {
                await pipeline.CodeAsync(plan);
            }

            Assert.Equal(5 * window, pipeline.Served);
            pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>RL-10.</summary>
    [Fact]
    public async Task Apps_NeverShareACounter_AndASpecialLimitReplacesTheGeneralOne()
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(Minute with { PerApp = 2, Apps = new Dictionary<string, long> { ["big"] = 5, ["small"] = 1 } });

        Assert.Equal(2, await pipeline.ExhaustAsync(plan, "one"));
        Assert.Equal(2, await pipeline.ExhaustAsync(plan, "other"));
        Assert.Equal(5, await pipeline.ExhaustAsync(plan, "big"));
        Assert.Equal(1, await pipeline.ExhaustAsync(plan, "small"));
    }

    [Fact]
    public async Task Apps_WithoutALimit_AreNotCounted()
    {
        using var pipeline = new ThrottledPipeline();
        var special = Plan(Minute with { Apps = new Dictionary<string, long> { ["big"] = 2 } });
        var anybody = Plan(Minute with { PerApp = 1, PerApi = 10 }, "g/open", hasApps: false);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("ok", await pipeline.CodeAsync(special, "one"));
            Assert.Equal("ok", await pipeline.CodeAsync(anybody));
        }
    }

    /// <summary>RL-24: an IPv6 subscriber has 2^64 addresses, and one counter.</summary>
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData(null, null, true)]
    [InlineData(null, "192.0.2.1", false)]
    public async Task PerIp_CountsOneClient_AsOne(string? first, string? second, bool isOne)
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(Minute with { PerIp = 1 });
        Assert.Equal(1, await pipeline.ExhaustAsync(plan, address: first));

        Assert.Equal(isOne ? "T429MR" : "ok", await pipeline.CodeAsync(plan, address: second));
    }

    /// <summary>RL-09.</summary>
    [Theory]
    [InlineData(false, "ok")]
    [InlineData(true, "T429PA")]
    public async Task Apis_WithTheSamePolicy_CountApart_UnlessShared(bool isShared, string expected)
    {
        using var pipeline = new ThrottledPipeline();
        var options = Minute with { PerApi = 3, Shared = isShared };
        Assert.Equal(3, await pipeline.ExhaustAsync(Plan(options, "g/a")));

        Assert.Equal(expected, await pipeline.CodeAsync(Plan(options, "g/b")));
        Assert.Equal("ok", await pipeline.CodeAsync(Plan(options, "g/b", policy: "q")));
    }

    /// <summary>RL-11: plans are compiled anew by each reload; what was counted stays, also when the number changes.</summary>
    [Fact]
    public async Task Counters_SurviveAReload()
    {
        using var pipeline = new ThrottledPipeline();
        var options = Minute with { PerApi = 3, PerIp = 5 };
        Assert.Equal(3, await pipeline.ExhaustAsync(Plan(options)));

        Assert.Equal("T429PA", await pipeline.CodeAsync(Plan(options)));
        Assert.Equal(1, await pipeline.ExhaustAsync(Plan(options with { PerApi = 4 })));
        Assert.Equal(1, await pipeline.ExhaustAsync(Plan(options with { PerApi = null })));
        Assert.Equal("ok", await pipeline.CodeAsync(Plan(options with { Unit = ThrottlingUnit.Hour })));
    }

    [Fact]
    public async Task Clock_StepsBack_LocksNobodyOutForLongerThanAWindow()
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan([
            KeyValuePair.Create("s", new ThrottlingOptions { Unit = ThrottlingUnit.Second, PerApi = 100 }),
            KeyValuePair.Create("m", Minute with { PerApi = 3 }),
        ]);
        Assert.Equal(3, await pipeline.ExhaustAsync(plan));

        pipeline.Time.AdjustTime(pipeline.Time.GetUtcNow().AddDays(-3));

        Assert.Equal("10", (await pipeline.SendAsync(plan)).RetryAfter);
        pipeline.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("ok", await pipeline.CodeAsync(plan));
    }

    /// <summary>HM-04: what comes after the limits, and what was only to be recorded for requests that pass, is never reached.</summary>
    [Fact]
    public async Task Refusal_HappensBeforeTheNextMiddleware()
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(Minute with { PerApi = 1 });
        await pipeline.CodeAsync(plan);
        await pipeline.CodeAsync(plan);

        Assert.Equal(1, pipeline.Served);
    }

    [Fact]
    public async Task Api_WithoutAPlan_IsNotCounted()
    {
        using var pipeline = new ThrottledPipeline();

        Assert.Equal("ok", await pipeline.CodeAsync(plan: null));
        Assert.Equal(1, pipeline.Served);
    }
}
