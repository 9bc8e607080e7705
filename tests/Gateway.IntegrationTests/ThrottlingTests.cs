using System.Net;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests;

/// <summary>Limits of the whole program: many connections, reloads, clients that break off.</summary>
public class ThrottlingTests
{
    private static string Settings(string body = "mock", string web = "http://127.0.0.1:1", int perApi = 50) => $$"""
        {
          "Gateway": {
            "TrustedProxies": [ "127.0.0.1" ],
            "Backends": { "mock": { "Type": "Mock", "Body": "{{body}}" }, "web": { "Type": "WebFunction", "Address": "{{web}}" } },
            "Policies": {
              "api": { "Type": "Throttling", "Unit": "Day", "PerApi": {{perApi}}, "Headers": "RateLimit" },
              "ip": { "Type": "Throttling", "Unit": "Day", "PerIp": 2 },
              "path": { "Type": "Throttling", "Unit": "Day", "Rules": { "shop": { "Path": "shop", "Limit": 1 } } }
            },
            "Groups": {
              "g": {
                "Policies": { "Throttling": [ "api" ] },
                "Apis": {
                  "one": { "Path": "/one", "Backend": "mock", "Auth": "None" },
                  "other": { "Path": "/other", "Backend": "mock", "Auth": "None" },
                  "ip": { "Path": "/ip", "Backend": "mock", "Auth": "None", "Policies": { "Throttling": [ "api", "ip" ] } },
                  "shop": { "Path": "/shops/[shop]/*", "Backend": "mock", "Auth": "None", "Policies": { "Throttling": "path" } },
                  "free": { "Path": "/free", "Backend": "mock", "Auth": "None", "Policies": { "Throttling": [] } },
                  "slow": { "Path": "/slow", "Backend": "web", "Auth": "None", "Concurrency": 2, "Policies": { "Throttling": [] } }
                }
              }
            }
          }
        }
        """;

    private static async Task<HttpResponseMessage> SendAsync(RunningGateway gateway, string path, string? client = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, path));
        if (client is not null)
        {
            request.Headers.Add("X-Forwarded-For", client);
        }

        return await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static async Task<string> CodeAsync(RunningGateway gateway, string path, string? client = null)
    {
        using var answer = await SendAsync(gateway, path, client);
        return answer.Headers.TryGetValues("X-Ca-Error-Code", out var code) ? code.Single() : "ok";
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>RL-12, over real connections.</summary>
    [Fact]
    public async Task TwoHundredCallsAtOnce_AtALimitOfFifty_AdmitExactlyFifty()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings(), null);

        var codes = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => CodeAsync(gateway, "/one")));

        Assert.Equal(50, codes.Count(static code => code == "ok"));
        Assert.Equal(150, codes.Count(static code => code == "T429PA"));
        Assert.Equal("ok", await CodeAsync(gateway, "/other"));
        Assert.Equal("ok", await CodeAsync(gateway, "/free"));
    }

    [Fact]
    public async Task Refusal_HasItsHeaders_AndTheProblemBody()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings(perApi: 1), null);
        using var served = await SendAsync(gateway, "/one");
        using var refused = await SendAsync(gateway, "/one");

        Assert.Equal(("1", "0"), (served.Headers.GetValues("RateLimit-Limit").Single(), served.Headers.GetValues("RateLimit-Remaining").Single()));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 86_400);
        Assert.Equal("0", refused.Headers.GetValues("RateLimit-Remaining").Single());
        Assert.Contains("\"code\":\"T429PA\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>The one client address counts, as trusted proxies say it; a refusal by it leaves the API's limit alone.</summary>
    [Fact]
    public async Task PerIp_CountsTheForwardedClient()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings(perApi: 3), null);
        Assert.Equal("ok", await CodeAsync(gateway, "/ip", "203.0.113.1"));
        Assert.Equal("ok", await CodeAsync(gateway, "/ip", "203.0.113.1"));
        Assert.Equal("T429MR", await CodeAsync(gateway, "/ip", "203.0.113.1"));
        Assert.Equal("T429MR", await CodeAsync(gateway, "/ip", "9.9.9.9, 203.0.113.1"));
        Assert.Equal("ok", await CodeAsync(gateway, "/ip", "203.0.113.2"));
        Assert.Equal("T429PA", await CodeAsync(gateway, "/ip", "203.0.113.3"));
    }

    [Fact]
    public async Task PathRule_CountsTheDecodedSegment()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings(), null);

        Assert.Equal("ok", await CodeAsync(gateway, "/shops/seven/x"));
        Assert.Equal("T429MR", await CodeAsync(gateway, "/shops/%73even/y"));
        Assert.Equal("ok", await CodeAsync(gateway, "/shops/eight/x"));
    }

    /// <summary>RL-11.</summary>
    [Fact]
    public async Task Counters_SurviveAReloadOfSomethingElse()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings(perApi: 2), null);
        Assert.Equal("ok", await CodeAsync(gateway, "/one"));
        Assert.Equal("ok", await CodeAsync(gateway, "/one"));

        await File.WriteAllTextAsync(Path.Combine(gateway.Folder, "appsettings.json"), Settings("changed", perApi: 2));
        await UntilAsync(async () => await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/free")) == "changed");

        Assert.Equal("T429PA", await CodeAsync(gateway, "/one"));
    }

    [Fact]
    public async Task Concurrency_IsGivenBack_ByAnswersAndByClientsThatBreakOff()
    {
        var answer = new TaskCompletionSource();
        var held = 0;
        await using var backend = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.QueryString.HasValue)
            {
                Interlocked.Increment(ref held);
                await Task.WhenAny(answer.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
            }

            await context.Response.WriteAsync("done");
        });
        await using var gateway = await RunningGateway.StartAsync(Settings(web: backend.Address), null);
        using var breaksOff = new CancellationTokenSource();
        var first = SendAsync(gateway, "/slow?hold");
        var second = SendAsync(gateway, "/slow?hold", cancellationToken: breaksOff.Token);
        await UntilAsync(() => Task.FromResult(Volatile.Read(ref held) == 2));

        using var refused = await SendAsync(gateway, "/slow");
        Assert.Equal(("X503BZ", "1"), (refused.Headers.GetValues("X-Ca-Error-Code").Single(), refused.Headers.GetValues("Retry-After").Single()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        await breaksOff.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await UntilAsync(async () => await CodeAsync(gateway, "/slow") == "ok");

        answer.SetResult();
        using var served = await first;
        Assert.Equal("done", await served.Content.ReadAsStringAsync());
        await UntilAsync(async () => await CodeAsync(gateway, "/slow") == "ok");
    }
}
