using Gateway.Policies.Throttling;
using static Gateway.Policies.Tests.Throttling.ThrottledPipeline;

namespace Gateway.Policies.Tests.Throttling;

/// <summary>Limits by a value of the request.</summary>
public class ThrottlingRuleTests
{
    private static readonly ThrottlingOptions Minute = new() { Unit = ThrottlingUnit.Minute };

    private static ThrottlingOptions Rule(ThrottlingRuleOptions rule)
        => Minute with { Rules = new Dictionary<string, ThrottlingRuleOptions> { ["tenant"] = rule } };

    [Theory]
    [InlineData("/shops/1/x?tenant=a", "/shops/1/x?b=c&tenant=a&tenant=d", true)]
    [InlineData("/shops/1/x?tenant=a", "/shops/1/x?tenant=%61", true)]
    [InlineData("/shops/1/x?tenant=a", "/shops/1/x?t%65nant=a", true)]
    [InlineData("/shops/1/x?tenant=a+b", "/shops/1/x?tenant=a%20b", true)]
    [InlineData("/shops/1/x?tenant=a%2520b", "/shops/1/x?tenant=a%20b", false)]
    [InlineData("/shops/1/x?tenant=a", "/shops/1/x?tenant=A", false)]
    [InlineData("/shops/1/x?tenant=a", "/shops/1/x?Tenant=a", false)]
    [InlineData("/shops/1/x?tenant=a", "/shops/1/x?tenant=b", false)]
    [InlineData("/shops/1/x?tenant=%ff", "/shops/1/x?tenant=%ff", true)]
    public async Task QueryRule_CountsTheDecodedValue(string first, string second, bool isOne)
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(Rule(new ThrottlingRuleOptions { Query = "tenant", Limit = 1 }));
        Assert.Equal(1, await pipeline.ExhaustAsync(plan, target: first));

        Assert.Equal(isOne ? "T429MR" : "ok", await pipeline.CodeAsync(plan, target: second));
    }

    [Theory]
    [InlineData("/shops/7/x", "/shops/7/y/z?q", true)]
    [InlineData("/shops/a%20b/x", "/shops/%61%20b/x", true)]
    [InlineData("/shops/a+b/x", "/shops/a%20b/x", false)]
    [InlineData("/shops/7/x", "/shops/8/x", false)]
    public async Task PathRule_CountsTheDecodedValue(string first, string second, bool isOne)
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(Rule(new ThrottlingRuleOptions { Path = "shop", Limit = 1 }));
        Assert.Equal(1, await pipeline.ExhaustAsync(plan, target: first));

        Assert.Equal(isOne ? "T429MR" : "ok", await pipeline.CodeAsync(plan, target: second));
    }

    /// <summary>RL-21: a request without the value is not counted, and never an error.</summary>
    [Fact]
    public async Task Rule_WithoutTheValue_DoesNotCount()
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(Minute with
        {
            Rules = new Dictionary<string, ThrottlingRuleOptions>
            {
                ["header"] = new() { Header = "X-Tenant", Limit = 1 },
                ["query"] = new() { Query = "tenant", Limit = 1 },
            },
        });

        foreach (var target in (string[])["/shops/1/x", "/shops/1/x?", "/shops/1/x?tenant", "/shops/1/x?tenant=", "/shops/1/x?&&=&=tenant"])
        {
            Assert.Equal("ok", await pipeline.CodeAsync(plan, target: target, header: ""));
            Assert.Equal("ok", await pipeline.CodeAsync(plan, target: target));
        }

        Assert.Equal(0, pipeline.Get<IThrottlingStore>() is LocalThrottlingStore store ? store.Count : -1);
    }

    [Fact]
    public async Task Rule_WithItsOwnUnit_CountsByIt()
    {
        using var pipeline = new ThrottledPipeline();
        var plan = Plan(Rule(new ThrottlingRuleOptions { Header = "X-Tenant", Limit = 1, Unit = ThrottlingUnit.Hour }));
        Assert.Equal(1, await pipeline.ExhaustAsync(plan, header: "a"));

        Assert.Equal("910", (await pipeline.SendAsync(plan, header: "a")).RetryAfter);
        Assert.Equal("ok", await pipeline.CodeAsync(plan, header: "b"));
    }

    /// <summary>A group's policy may speak of a path parameter that not all of its APIs have.</summary>
    [Fact]
    public void PathRule_OfAParameterThatTheApiLacks_IsLeftOut()
        => Assert.Null(Plan(Rule(new ThrottlingRuleOptions { Path = "other", Limit = 1 })));
}
