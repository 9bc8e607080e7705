using System.Net;
using Gateway.Routing;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests;

/// <summary>Files change while requests run: all or nothing, and no request fails.</summary>
public class ReloadTests
{
    private static string Settings(string body, string extra = "")
        => $$"""
            {
              "Gateway": {
                "Backends": { "mock": { "Type": "Mock", "Body": "{{body}}" }, "echo": { "Type": "EventFunction" } },
                "Groups": { "g": { "Apis": {
                  "a": { "Path": "/a", "Backend": "mock", "Auth": "None" },
                  "e": { "Path": "/e", "Backend": "echo", "Auth": "None" }
                  {{extra}}
                } } }
              }
            }
            """;

    private static async Task<string> GetAsync(RunningGateway gateway, string path)
    {
        using var response = await gateway.Client.GetAsync(new Uri(gateway.Address, path));
        return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync() : ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Waits, at most ten seconds, until the program has seen the files.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static Task SaveAsync(RunningGateway gateway, string text) => File.WriteAllTextAsync(Path.Combine(gateway.Folder, "appsettings.json"), text);

    [Fact]
    public async Task Save_OfAGoodFile_IsApplied()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings("one"), null);
        Assert.Equal("one", await GetAsync(gateway, "/a"));
        Assert.Equal("404", await GetAsync(gateway, "/new"));

        await SaveAsync(gateway, Settings("two", """, "n": { "Path": "/new", "Backend": "echo", "Auth": "None" }"""));

        await UntilAsync(async () => await GetAsync(gateway, "/a") == "two");
        Assert.Contains("\"path\":\"/new\"", await GetAsync(gateway, "/new"), StringComparison.Ordinal);
        Assert.Contains("\"path\":\"/e\"", await GetAsync(gateway, "/e"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ broken", "appsettings.json")]
    [InlineData("""{ "Gateway": { "Bakends": {} } }""", "Did you mean")]
    [InlineData("""{ "Gateway": { "Groups": { "g": { "Apis": { "a": { "Path": "/a", "Backend": "gone", "Auth": "None" } } } } } }""", "gone")]
    public async Task Save_OfABadFile_ChangesNothingAndSaysWhy_AndAGoodOneLaterIsApplied(string bad, string complaint)
    {
        await using var gateway = await RunningGateway.StartAsync(Settings("0"), null);
        for (var round = 1; round <= 2; round++)
        {
            var complaints = gateway.Log.Errors.Count;
            await SaveAsync(gateway, bad);
            await UntilAsync(() => Task.FromResult(gateway.Log.Errors.Count > complaints));

            Assert.Contains(complaint, gateway.Log.Errors[^1], StringComparison.Ordinal);
            Assert.Equal((round - 1).ToString(System.Globalization.CultureInfo.InvariantCulture), await GetAsync(gateway, "/a"));
            Assert.Contains("\"path\":\"/e\"", await GetAsync(gateway, "/e"), StringComparison.Ordinal);

            var text = round.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await SaveAsync(gateway, Settings(text));
            await UntilAsync(async () => await GetAsync(gateway, "/a") == text);
        }
    }

    [Fact]
    public async Task Save_OfALogLevelThatIsNone_AppliesNothing_AndAGoodFileLaterIsApplied()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings("one"), null);
        var bad = Settings("two").Replace("\"Gateway\": {", "\"Logging\": { \"LogLevel\": { \"Default\": \"Nonsense\" } }, \"Gateway\": {", StringComparison.Ordinal);

        await SaveAsync(gateway, bad);
        await UntilAsync(() => Task.FromResult(gateway.Log.Errors.Count > 0));
        Assert.Equal("one", await GetAsync(gateway, "/a"));

        await SaveAsync(gateway, Settings("three"));
        await UntilAsync(async () => await GetAsync(gateway, "/a") == "three");
    }

    [Fact]
    public async Task LinkSwap_OfAConfigMap_IsSeen()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings("one"), null);
        var (first, second) = (Directory.CreateDirectory(Path.Combine(gateway.Folder, "..1")), Directory.CreateDirectory(Path.Combine(gateway.Folder, "..2")));
        await File.WriteAllTextAsync(Path.Combine(first.FullName, "appsettings.json"), Settings("one"));
        await File.WriteAllTextAsync(Path.Combine(second.FullName, "appsettings.json"), Settings("two"));
        var data = Path.Combine(gateway.Folder, "..data");
        Directory.CreateSymbolicLink(data, first.FullName);
        File.Delete(Path.Combine(gateway.Folder, "appsettings.json"));
        File.CreateSymbolicLink(Path.Combine(gateway.Folder, "appsettings.json"), Path.Combine("..data", "appsettings.json"));

        // As kubelet does it: a new link beside, then a rename over the old one.
        Directory.CreateSymbolicLink(data + "_tmp", second.FullName);
        Directory.Delete(data);
        Directory.Move(data + "_tmp", data);

        await UntilAsync(async () => await GetAsync(gateway, "/a") == "two");
    }

    [Fact]
    public async Task Reloads_UnderLoad_FailNoRequest()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings("0"), null);
        using var stop = new CancellationTokenSource();
        var statuses = new int[600];
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (var path in new[] { "/a", "/e" })
                {
                    using var response = await gateway.Client.GetAsync(new Uri(gateway.Address, path));
                    Interlocked.Increment(ref statuses[(int)response.StatusCode]);
                }
            }
        })).ToArray();

        for (var round = 1; round <= 3; round++)
        {
            var text = round.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await SaveAsync(gateway, Settings(text, $$""", "n{{round}}": { "Path": "/n{{round}}", "Backend": "echo", "Auth": "None" }"""));
            await UntilAsync(async () => await GetAsync(gateway, "/a") == text);
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);
        Assert.True(statuses[200] > 100);
        Assert.Equal(0, statuses.Sum() - statuses[200]);
    }

    [Fact]
    public async Task Reload_OfOneApi_KeepsTheConnectionsOfOtherBackends()
    {
        await using var gateway = await RunningGateway.StartAsync(Settings("one"), null);
        var before = gateway.Get<ServingTable>().Current.Snapshot;

        await SaveAsync(gateway, Settings("two"));
        await UntilAsync(async () => await GetAsync(gateway, "/a") == "two");

        var after = gateway.Get<ServingTable>().Current.Snapshot;
        Assert.NotSame(before, after);
        Assert.Equal(before.Clusters.Single().ClusterId, after.Clusters.Single().ClusterId); // The id holds the fingerprint: same backend, same client.
        Assert.Equal(before.ProxyRoutes.Single(), after.ProxyRoutes.Single());
    }

    /// <summary>What transforms and clients were built from is built anew: an option that only they read takes effect too.</summary>
    [Fact]
    public async Task Reload_OfOptionsOfABackendAndAnApi_TakesEffectOnTheNextCall()
    {
        await using var service = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync(
            $$"""{"statusCode":200,"headers":{"X-Key":"{{context.Request.Headers.Authorization}}","X-Target":"{{context.Request.Path}}"},"body":"x"}"""));
        string Text(string key, string function, string contentType) => $$"""
            {
              "Gateway": {
                "Backends": { "f": { "Type": "EventFunction", "Address": "{{service.Address}}", "Function": "{{function}}", "Credentials": { "AccessKeyId": "{{key}}", "AccessKeySecret": "s" } } },
                "Groups": { "g": { "Apis": { "a": { "Path": "/a", "Backend": "f", "Auth": "None", "ResponseContentType": "{{contentType}}" } } } }
              }
            }
            """;
        await using var gateway = await RunningGateway.StartAsync(Text("first", "one", "text/one"), null);
        Assert.Equal("first /2023-03-30/functions/one/invocations text/one", await CallAsync());

        await SaveAsync(gateway, Text("first", "one", "text/two"));
        await UntilAsync(async () => await CallAsync() == "first /2023-03-30/functions/one/invocations text/two");

        await SaveAsync(gateway, Text("second", "two", "text/two"));
        await UntilAsync(async () => await CallAsync() == "second /2023-03-30/functions/two/invocations text/two");

        async Task<string> CallAsync()
        {
            using var response = await gateway.Client.GetAsync(new Uri(gateway.Address, "/a"));
            var key = response.Headers.GetValues("X-Key").Single().Split("Credential=")[1].Split(',')[0];
            return $"{key} {response.Headers.GetValues("X-Target").Single()} {response.Content.Headers.ContentType}";
        }
    }
}
