using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests.Observability;

/// <summary>What the gateway measures of requests that end in each way: exact numbers and labels, over the wire.</summary>
public sealed class RequestMetricsTests
{
    [Fact]
    public async Task Requests_OfEachOutcome_AreCountedOnceWithTheirLabels()
    {
        await using var function = await LoopbackServer.StartAsync(static context =>
        {
            context.Response.StatusCode = context.Request.Path == "/broken" ? 500 : 200;
            return context.Response.WriteAsync("hello");
        });
        await using var gateway = await StartAsync(function.Address);
        using var measured = Measurements.Of(gateway);

        foreach (var target in new[] { "/w/fine", "/w/broken", "/dead", "/app", "/once", "/once", "/closed", "/nothing", "/mock" })
        {
            using var answer = await gateway.Client.GetAsync(new Uri(target, UriKind.Relative), TestContext.Current.CancellationToken);
        }

        var requests = await measured.WaitAsync("gateway.requests", 9);
        Assert.Equal(
            [
                "1 gateway.api=g/web gateway.group=g gateway.outcome=ok gateway.stage=TEST",
                "1 gateway.api=g/web gateway.group=g gateway.outcome=function_error gateway.stage=TEST",
                "1 gateway.api=g/dead gateway.group=g gateway.outcome=backend_down gateway.stage=TEST",
                "1 gateway.api=g/app gateway.group=g gateway.outcome=auth gateway.stage=TEST",
                "1 gateway.api=g/once gateway.group=g gateway.outcome=ok gateway.stage=TEST",
                "1 gateway.api=g/once gateway.group=g gateway.outcome=throttled gateway.stage=TEST",
                "1 gateway.api=g/closed gateway.group=g gateway.outcome=ip gateway.stage=TEST",
                "1 gateway.api=_other gateway.group=_other gateway.outcome=client_error gateway.stage=TEST",
                "1 gateway.api=g/mock gateway.group=g gateway.outcome=ok gateway.stage=TEST",
            ],
            requests.Select(static one => one.ToString()));
        Assert.Equal(
            [
                "1 gateway.api=g/dead gateway.error.code=D504CO gateway.group=g gateway.stage=TEST",
                "1 gateway.api=g/app gateway.error.code=A400MA gateway.group=g gateway.stage=TEST",
                "1 gateway.api=g/once gateway.error.code=T429PA gateway.group=g gateway.stage=TEST",
                "1 gateway.api=g/closed gateway.error.code=A403IP gateway.group=g gateway.stage=TEST",
                "1 gateway.api=_other gateway.error.code=I404NF gateway.group=_other gateway.stage=TEST",
            ],
            measured.Lines("gateway.rejections"));
        Assert.Equal(
            ["1 gateway.api=g/app gateway.auth.result=refused gateway.auth.scheme=none gateway.stage=TEST"],
            measured.Lines("gateway.auth.attempts"));
        Assert.Equal(
            [
                "1 gateway.policy=once gateway.stage=TEST gateway.throttling.result=admitted gateway.throttling.scope=api",
                "1 gateway.policy=once gateway.stage=TEST gateway.throttling.result=refused gateway.throttling.scope=api",
            ],
            measured.Lines("gateway.throttling.decisions"));
        Assert.Equal(
            [
                "gateway.api=g/web gateway.backend=web gateway.backend.type=web gateway.group=g gateway.stage=TEST http.response.status_code=200",
                "error.type=500 gateway.api=g/web gateway.backend=web gateway.backend.type=web gateway.group=g gateway.stage=TEST http.response.status_code=500",
                "error.type=D504CO gateway.api=g/dead gateway.backend=dead gateway.backend.type=web gateway.group=g gateway.stage=TEST",
                "gateway.api=g/once gateway.backend=web gateway.backend.type=web gateway.group=g gateway.stage=TEST http.response.status_code=200",
            ],
            measured.Named("gateway.backend.request.duration").Select(static one => one.Tags));
        Assert.Equal(9, measured.Named("gateway.overhead.duration").Length);
        Assert.Equal(5, measured.Named("http.server.response.body.size")[0].Value);
        var framework = await measured.WaitAsync("http.server.request.duration", 9);
        Assert.StartsWith("gateway.api=g/web gateway.group=g gateway.stage=TEST http.request.method=GET http.response.status_code=200 http.route=/w/* ", framework[0].Tags, StringComparison.Ordinal);
        Assert.DoesNotContain("http.route", framework[7].Tags, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overhead_OfASlowFunction_LeavesItsTimeOut()
    {
        await using var function = await LoopbackServer.StartAsync(static async context =>
        {
            await Task.Delay(500, context.RequestAborted);
            await context.Response.WriteAsync("""{"statusCode":200,"body":"late"}""", context.RequestAborted);
        });
        await using var gateway = await StartAsync(function.Address);
        using var measured = Measurements.Of(gateway);
        await gateway.Client.GetStringAsync(new Uri("/w/warm", UriKind.Relative), TestContext.Current.CancellationToken);
        await gateway.Client.GetStringAsync(new Uri("/event", UriKind.Relative), TestContext.Current.CancellationToken);

        await gateway.Client.GetStringAsync(new Uri("/w/x", UriKind.Relative), TestContext.Current.CancellationToken);
        await gateway.Client.GetStringAsync(new Uri("/event", UriKind.Relative), TestContext.Current.CancellationToken);

        var overhead = await measured.WaitAsync("gateway.overhead.duration", 4);
        Assert.All(overhead[2..], static one => Assert.InRange(one.Value, 0, 0.020));
        Assert.All(measured.Named("gateway.backend.request.duration"), static one => Assert.InRange(one.Value, 0.45, 5));
    }

    [Fact]
    public async Task Labels_UnderAFloodOfPathsMethodsAndKeys_StayThose()
    {
        await using var function = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync("hello"));
        await using var gateway = await StartAsync(function.Address);
        using var measured = Measurements.Of(gateway);

        for (var i = 0; i < 100; i++)
        {
            foreach (var target in new[] { $"/{Guid.NewGuid()}", $"/w/{Guid.NewGuid()}?AppCode={Guid.NewGuid()}", "/app" })
            {
                using var request = new HttpRequestMessage(i % 2 == 0 ? HttpMethod.Get : new HttpMethod($"M{i}"), target);
                request.Headers.TryAddWithoutValidation("X-Ca-Key", Guid.NewGuid().ToString());
                request.Headers.TryAddWithoutValidation("X-Ca-Signature", "AAAA");
                request.Headers.TryAddWithoutValidation("X-Ca-Stage", "TEST");
                request.Headers.TryAddWithoutValidation("User-Agent", Guid.NewGuid().ToString());
                using var answer = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
            }
        }

        await measured.WaitAsync("http.server.request.duration", 300);
        var series = measured.All.Where(static line => line.StartsWith("gateway.", StringComparison.Ordinal) || line.StartsWith("http.server.", StringComparison.Ordinal))
            .Select(static line => string.Join(' ', line.Split(' ').Where((_, i) => i != 1)))
            .Distinct().ToArray();
        Assert.True(series.Length < 40, string.Join('\n', series));
        Assert.DoesNotContain(series, static line => line.Contains("M1", StringComparison.Ordinal));
    }

    private static Task<RunningGateway> StartAsync(string address) => RunningGateway.StartSectionAsync($$"""
        {
          "Apps": { "fcApp": { "AppKey": "60022326", "AppSecret": "secret" } },
          "Backends": {
            "web": { "Type": "WebFunction", "Address": "{{address}}" },
            "event": { "Type": "EventFunction", "Address": "{{address}}" },
            "dead": { "Type": "WebFunction", "Address": "http://127.0.0.1:1" },
            "mock": { "Type": "Mock", "StatusCode": 503 }
          },
          "Policies": { "once": { "Type": "Throttling", "Unit": "Day", "PerApi": 1 }, "none": { "Type": "IpAccess", "Deny": [ "127.0.0.0/8" ] } },
          "Groups": { "g": { "Apis": {
            "web": { "Path": "/w/*", "Backend": "web", "BackendPath": "/*", "Auth": "None" },
            "event": { "Path": "/event", "Backend": "event", "Auth": "None" },
            "dead": { "Path": "/dead", "Backend": "dead", "Auth": "None" },
            "app": { "Path": "/app", "Backend": "web", "Apps": { "fcApp": {} } },
            "once": { "Path": "/once", "Backend": "web", "Auth": "None", "Policies": { "Throttling": "once" } },
            "closed": { "Path": "/closed", "Backend": "web", "Auth": "None", "Policies": { "IpAccess": "none" } },
            "mock": { "Path": "/mock", "Backend": "mock", "Auth": "None" }
          } } }
        }
        """, "Test");
}
