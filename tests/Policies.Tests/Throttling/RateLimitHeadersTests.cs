using System.Text;
using Gateway.Contracts;
using Gateway.Policies.Throttling;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using static Gateway.Policies.Tests.Throttling.ThrottledPipeline;

namespace Gateway.Policies.Tests.Throttling;

/// <summary>RL-08, RL-17, RL-27: the answers' heads of admitted and refused requests, by kind of header. A real server sends them.</summary>
public class RateLimitHeadersTests
{
    private static readonly string[] Shown =
        ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"];

    [Theory]
    [InlineData(ThrottlingHeaders.None, ThrottlingUnit.Minute)]
    [InlineData(ThrottlingHeaders.RateLimit, ThrottlingUnit.Second)]
    [InlineData(ThrottlingHeaders.RateLimit, ThrottlingUnit.Minute)]
    [InlineData(ThrottlingHeaders.RateLimit, ThrottlingUnit.Hour)]
    [InlineData(ThrottlingHeaders.RateLimit, ThrottlingUnit.Day)]
    [InlineData(ThrottlingHeaders.XRateLimit, ThrottlingUnit.Minute)]
    public async Task Answers_OfALimit_AreAsInTheFile(ThrottlingHeaders headers, ThrottlingUnit unit)
        => Golden.Matches($"Golden/{headers}-{unit}.txt", await RecordAsync(Plan(new ThrottlingOptions { Unit = unit, PerIp = 2, PerApi = 100, Headers = headers })));

    /// <summary>The limit with the fewest requests left is shown; one whose policy shows nothing never is.</summary>
    [Fact]
    public async Task Answers_OfSeveralLimits_ShowTheNearestThatIsShown()
        => Golden.Matches("Golden/several.txt", await RecordAsync(Plan([
            KeyValuePair.Create("wide", new ThrottlingOptions { Unit = ThrottlingUnit.Hour, PerApi = 3, Headers = ThrottlingHeaders.RateLimit }),
            KeyValuePair.Create("hidden", new ThrottlingOptions { Unit = ThrottlingUnit.Minute, PerIp = 2 }),
            KeyValuePair.Create("narrow", new ThrottlingOptions { Unit = ThrottlingUnit.Minute, PerIp = 3, Headers = ThrottlingHeaders.XRateLimit }),
        ])));

    private static async Task<string> RecordAsync(ThrottlingPlan? plan)
    {
        using var pipeline = new ThrottledPipeline(static context =>
        {
            context.Response.Headers["RateLimit-Remaining"] = "the backend's own";
            return context.Response.WriteAsync("served");
        });
        await using var server = await LoopbackServer.StartAsync(context => AnswerAsync(context, pipeline, plan));
        using var client = new HttpClient();
        var text = new StringBuilder();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await client.GetAsync(new Uri(server.Address));
            text.Append((int)answer.StatusCode).Append('\n');
            foreach (var name in Shown)
            {
                if (answer.Headers.TryGetValues(name, out var values))
                {
                    text.Append("  ").Append(name).Append(": ").AppendJoin(" | ", values).Append('\n');
                }
            }
        }

        return text.ToString();
    }

    private static async Task AnswerAsync(HttpContext context, ThrottledPipeline pipeline, ThrottlingPlan? plan)
    {
        var prepared = CreateContext(plan, null, "192.0.2.1", "/shops/1/x", null);
        var gateway = prepared.Gateway();
        context.Features.Set(gateway);
        context.SetEndpoint(prepared.GetEndpoint());
        await pipeline.Pipeline(context);
        if (gateway.Failure is { } error)
        {
            context.Response.Clear(); // As the error middleware does.
            context.Response.StatusCode = error.Status;
            context.Response.Headers.RetryAfter = gateway.RetryAfter;
        }
    }
}
