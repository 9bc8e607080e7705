using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>Connections that a backend closes or loses at the wrong moment: no request is lost that may be repeated, and none counts twice that may not.</summary>
public class StaleConnectionTests
{
    /// <summary>
    /// A connection that closes over a request looks like one that had closed before. .NET then sends a request without a body up to four
    /// times, whatever its method; RFC 9110 §9.2.2 forbids that to a proxy where the method is not idempotent.
    /// </summary>
    [Theory]
    [InlineData("GET", 2)]
    [InlineData("HEAD", 2)]
    [InlineData("OPTIONS", 2)]
    [InlineData("PUT", 2)]
    [InlineData("DELETE", 2)]
    [InlineData("POST", 1)]
    [InlineData("PATCH", 1)]
    [InlineData("ORDER", 1)]
    public async Task Request_OnAPooledConnectionThatCloses_IsSentAgainOnlyWhereItsMethodMayRepeat(string method, int expected)
    {
        await using var function = new KeepAliveServer(answers: 1).Start();
        await using var gateway = await StartAsync($""" "Address": "{function.Address}" """);
        Assert.Equal(200, (await RawHttp.SendAsync(gateway.Address, "GET /first HTTP/1.1\r\nHost: x\r\n\r\n")).Status); // The connection is the pool's now.

        var answer = await RawHttp.SendAsync(gateway.Address, $"{method} /second HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(expected, function.Heads.Count(static head => head.Contains("/second", StringComparison.Ordinal)));
        Assert.Equal(expected == 2 ? (200, null) : (502, "N502RE"), (answer.Status, answer.Header("X-Ca-Error-Code")));
        Assert.Equal(method is not ("GET" or "HEAD" or "OPTIONS" or "DELETE"), function.Heads.Last().Contains("Content-Length: 0", StringComparison.Ordinal));
    }

    /// <summary>One of two backends is killed under load: every GET is answered, by the other one where need be.</summary>
    [Fact]
    public async Task Backend_KilledUnderLoad_FailsNoGet()
    {
        const int calls = 4000;
        await using var victim = new KeepAliveServer().Start();
        await using var survivor = new KeepAliveServer().Start();
        await using var gateway = await StartAsync(
            $$""" "Addresses": [ "{{victim.Address}}", "{{survivor.Address}}" ], "Retry": { "Delay": "1ms" }, "Health": { "Passive": { "Failures": 3, "Reactivation": "1m" } } """);
        var made = 0;

        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, cancellationToken) =>
        {
            if (Interlocked.Increment(ref made) == calls / 4)
            {
                victim.Kill();
            }

            using var answer = await gateway.Client.GetAsync(new Uri(gateway.Address, "/x"), cancellationToken);
            Assert.Equal(200, (int)answer.StatusCode);
        });

        Assert.InRange(victim.Heads.Count, 1, calls / 2);
        Assert.Contains(gateway.Log.Lines, line => line.Contains(victim.Address, StringComparison.Ordinal)); // It was found out, not tried for ever.
    }

    private static Task<RunningGateway> StartAsync(string backend) => RunningGateway.StartSectionAsync($$"""
        {
          "Backends": { "f": { "Type": "WebFunction", {{backend}} } },
          "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
        }
        """);
}
