using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.IntegrationTests;

/// <summary>Addresses that do not work leave the rotation and come back; with none left calls are refused (TO-14).</summary>
public class HealthTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private Task<RunningGateway> StartAsync(string type, string options, bool isFake = true)
        => RunningGateway.StartSectionAsync(
            $$"""
            {
              "Backends": { "f": { "Type": "{{type}}", {{options}} } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
            }
            """,
            time: isFake ? _time : null);

    private static async Task<(int Status, string? Code)> GetAsync(RunningGateway gateway)
    {
        var answer = await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        return (answer.Status, answer.Header("X-Ca-Error-Code"));
    }

    /// <summary>YARP takes an address out beside the call that failed, so the change may come a moment later.</summary>
    private async Task UntilLoggedAsync(RunningGateway gateway, string text, int times = 1, bool advance = false)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (gateway.Log.Lines.Count(line => line.Contains(text, StringComparison.Ordinal)) < times)
        {
            await timer.WaitForNextTickAsync(limit.Token);
            _time.Advance(advance ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
        }
    }

    [Fact]
    public async Task Address_ThatFailsInARow_IsOutUntilItsReactivation()
    {
        using var dead = new DeadAddress();
        await using var gateway = await StartAsync(
            "WebFunction", $$""" "Address": "{{dead.Address}}", "Health": { "Passive": { "Failures": 3, "Reactivation": "20s" } } """);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((504, "D504CO"), await GetAsync(gateway));
        }

        await UntilLoggedAsync(gateway, "out of rotation, 0 of 1 left");
        Assert.Equal((503, "X503BZ"), await GetAsync(gateway));
        _time.Advance(TimeSpan.FromSeconds(20));
        await UntilLoggedAsync(gateway, "back in rotation, 1 of 1 in use");
        Assert.Equal((504, "D504CO"), await GetAsync(gateway)); // One more failure is enough now.
        await UntilLoggedAsync(gateway, "out of rotation", times: 2);
        Assert.Equal((503, "X503BZ"), await GetAsync(gateway));
    }

    /// <summary>A function with a bug, and a status 500, are answers: the address works.</summary>
    [Theory]
    [InlineData("WebFunction", 500, "{}", 500)]
    [InlineData("EventFunction", 500, "{}", 502)]
    [InlineData("EventFunction", 200, "not a result", 502)]
    public async Task Address_ThatAnswersBadly_StaysIn(string type, int status, string body, int expected)
    {
        await using var function = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });
        await using var gateway = await StartAsync(type, $$""" "Address": "{{function.Address}}", "Health": { "Passive": { "Failures": 1 } } """);

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(expected, (await GetAsync(gateway)).Status);
        }
    }

    [Fact]
    public async Task Address_ThatAnswersBetweenFailures_StaysIn()
    {
        var calls = 0;
        await using var function = await LoopbackServer.StartAsync(context =>
        {
            if (Interlocked.Increment(ref calls) % 2 == 1)
            {
                context.Abort();
            }

            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync("WebFunction", $$""" "Address": "{{function.Address}}", "Health": { "Passive": { "Failures": 2 } } """);

        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(i % 2 == 0 ? 502 : 200, (await RawHttp.SendAsync(gateway.Address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na")).Status);
        }
    }

    /// <summary>The address that failed counts, not the one that then answered.</summary>
    [Fact]
    public async Task Address_ThatARetryLeavesBehind_IsCounted()
    {
        using var dead = new DeadAddress();
        await using var function = await LoopbackServer.StartAsync(static _ => Task.CompletedTask);
        await using var gateway = await StartAsync(
            "WebFunction",
            $$""" "LoadBalancing": "First", "Addresses": [ "{{dead.Address}}", "{{function.Address}}" ], "Health": { "Passive": { "Failures": 2 } } """,
            isFake: false);

        Assert.Equal(200, (await GetAsync(gateway)).Status);
        Assert.Equal(200, (await GetAsync(gateway)).Status);
        await UntilLoggedAsync(gateway, $"address {dead.Address} is out of rotation, 1 of 2 left");
        Assert.Equal(200, (await GetAsync(gateway)).Status);
    }

    [Theory]
    [InlineData("WebFunction", "")]
    [InlineData("EventFunction", """, "Invoke": "CustomRuntime" """)]
    public async Task Probes_DecideWithoutAnyCall(string type, string more)
    {
        var isWell = true;
        var probes = new List<string>();
        await using var function = await LoopbackServer.StartAsync(context =>
        {
            if (context.Request.Path == "/base/health")
            {
                lock (probes)
                {
                    probes.Add(string.Join(' ', context.Request.Headers.Keys.Order(StringComparer.Ordinal)));
                }

                context.Response.StatusCode = isWell ? 204 : 500;
                return Task.CompletedTask;
            }

            return context.Response.WriteAsync("""{"statusCode":200}""");
        });
        await using var gateway = await StartAsync(
            type, $$""" "Address": "{{function.Address}}/base", "Health": { "Active": { "Path": "/health", "Interval": "1s", "Timeout": "500ms", "Threshold": 1 } } {{more}} """);
        Assert.Equal(200, (await GetAsync(gateway)).Status);

        isWell = false;
        await UntilLoggedAsync(gateway, "out of rotation, 0 of 1 left", advance: true);
        Assert.Equal((503, "X503BZ"), await GetAsync(gateway));
        isWell = true;
        await UntilLoggedAsync(gateway, "back in rotation", advance: true);
        Assert.Equal(200, (await GetAsync(gateway)).Status);
        Assert.All(probes, static headers => Assert.Equal("Host User-Agent", headers)); // No client's data, no forwarding headers.
    }
}
