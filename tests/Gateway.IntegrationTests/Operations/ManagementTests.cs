using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Gateway.Commands;
using Gateway.Management;
using Gateway.Observability;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Gateway.IntegrationTests.Operations;

/// <summary>The management port: what it answers, to whom, and that it stays out of the traffic's way.</summary>
public class ManagementTests
{
    private const string OneApi = """
        {
          "Apps": { "fcApp": { "AppKey": "60022326", "AppSecret": "canary-secret-1", "AppCodes": [ "canary-code-1" ] } },
          "Backends": { "down": { "Type": "Mock", "StatusCode": 200, "Body": "hello" } },
          "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "down", "Auth": "None" } } } }
        }
        """;

    [Theory]
    [InlineData("GET", "/livez", 200, "alive\n")]
    [InlineData("GET", "/readyz", 200, "ready\n")]
    [InlineData("GET", "/healthz", 200, "ready\n")]
    [InlineData("HEAD", "/readyz", 200, "")]
    [InlineData("GET", "/", 404, "not found\n")]
    [InlineData("GET", "/readyz/", 404, "not found\n")]
    [InlineData("POST", "/readyz", 405, "only GET and HEAD\n")]
    public async Task Management_Path_Answers(string method, string path, int status, string body)
    {
        await using var gateway = await RunningGateway.StartSectionAsync(OneApi);

        var answer = await RawHttp.SendAsync(gateway.ManagementAddress, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Equal((status, body, "no-store", null), (answer.Status, answer.Body, answer.Header("Cache-Control"), answer.Header("Server")));
    }

    [Theory]
    [InlineData("localhost:8081", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:8081", 200)]
    [InlineData("evil.example.com:8081", 421)]
    public async Task Management_OnLoopbackByAName_IsRefused(string host, int status)
    {
        await using var gateway = await RunningGateway.StartSectionAsync(OneApi);

        var answer = await RawHttp.SendAsync(gateway.ManagementAddress, $"GET /config HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task Traffic_PathOfTheManagementPort_IsAnApisOrNobodys()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(OneApi);

        Assert.Equal("hello", await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/config"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Config_AnyValue_HasItsOriginAndSecretsAreMasked()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(OneApi);
        using var client = new HttpClient();

        var text = await client.GetStringAsync(new Uri(gateway.ManagementAddress, "/config"), TestContext.Current.CancellationToken);
        var config = JsonNode.Parse(text)!;

        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        Assert.Equal("Development", (string?)config["environment"]);
        Assert.Equal(gateway.Get<Gateway.Routing.ServingTable>().Current.Snapshot.RevisionId, (string?)config["hash"]);
        Assert.Equal(("***", "appsettings.json:2"), Find(config, "values", "Gateway:Apps:fcApp:AppSecret"));
        Assert.Equal("***", Find(config, "values", "Gateway:Apps:fcApp:AppCodes:0").Value);
        Assert.Equal(("/*", "appsettings.json:4"), Find(config, "values", "Gateway:Groups:g:Apis:a:Path"));
        Assert.Equal(("0", "command line --Gateway:Management:Port"), Find(config, "values", "Gateway:Management:Port"));
        Assert.Equal("8KB", Find(config, "defaults", "Gateway:Limits:Url").Value);
        Assert.Equal("Header", Find(config, "defaults", "Gateway:Groups:g:Apis:a:AppCode").Value);
        Assert.Equal("127.0.0.1", Find(config, "defaults", "Gateway:Management:Address").Value);
        Assert.DoesNotContain(config["defaults"]!.AsArray(), static one => (string?)one!["key"] == "Gateway:Management:Port");
    }

    [Theory]
    [InlineData("false", 200)]
    [InlineData("true", 404)]
    public async Task Metrics_OfAGateway_AreThereUnlessTelemetryIsOff(string disabled, int status)
    {
        await using var gateway = await RunningGateway.StartSectionAsync(OneApi, variables: new Dictionary<string, string> { ["OTEL_SDK_DISABLED"] = disabled });

        var answer = await RawHttp.SendAsync(gateway.ManagementAddress, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Equal(status, answer.Status);
    }

    /// <summary>What could not be applied is not what is in force, and <c>/config</c> must not say that it is.</summary>
    [Fact]
    public async Task Config_AfterAReloadThatFailed_IsTheOneInForce()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(OneApi);
        await File.WriteAllTextAsync(
            Path.Combine(gateway.Folder, "appsettings.json"),
            $$"""{ "Gateway": {{OneApi.Replace("\"Apps\"", "\"Tls\": { \"Certificates\": { \"c\": { \"Certificate\": \"missing.pem\" } } }, \"Apps\"", StringComparison.Ordinal)}} }""",
            TestContext.Current.CancellationToken);
        while (!gateway.Log.Errors.Any(static line => line.Contains("missing.pem", StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }

        var answer = await RawHttp.SendAsync(gateway.ManagementAddress, "GET /config HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.DoesNotContain("missing.pem", answer.Body, StringComparison.Ordinal);
        Assert.Contains("Gateway:Groups:g:Apis:a:Path", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_WithAWriter_IsWhatItWrites()
    {
        var paths = new ManagementPaths(new Readiness(new Lifetime()), null!, new OneMetric());
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Method = "GET", Path = "/metrics" }, Response = { Body = body } };

        await paths.AnswerAsync(context);

        Assert.Equal(("text/plain; version=0.0.4", "up 1\n"), (context.Response.ContentType, System.Text.Encoding.UTF8.GetString(body.ToArray())));
    }

    [Theory]
    [InlineData(false, false, "starting")]
    [InlineData(true, false, null)]
    [InlineData(true, true, "draining")]
    [InlineData(false, true, "draining")]
    public void Readiness_OfALife_IsOnlyBetweenStartAndStop(bool started, bool stopping, string? obstacle)
    {
        using var lifetime = new Lifetime();
        lifetime.Reach(started, stopping);

        Assert.Equal(obstacle, new Readiness(lifetime).Obstacle);
    }

    [Fact]
    public async Task Start_ManagementPortTakenInDevelopment_ServesWithAWarning()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var gateway = await RunningGateway.StartSectionAsync(
            OneApi.Replace("\"Apps\"", $$"""  "Management": { "Port": {{((IPEndPoint)other.LocalEndpoint).Port}} }, "Apps" """, StringComparison.Ordinal), managementPort: null);

        Assert.Equal("hello", await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/"), TestContext.Current.CancellationToken));
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("Gateway:Management:Port", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ManagementPortTakenElsewhere_IsOneLineAndExitCode1()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var folder = Directory.CreateTempSubdirectory("gateway-test").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), $$"""{ "Gateway": {{OneApi}} }""", TestContext.Current.CancellationToken);
        using var error = new StringWriter();

        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var code = await CommandLine.RunAsync(
            ["run", "--config", folder, "--stage", "Production", "--urls", "http://127.0.0.1:0", $"--Gateway:Management:Port={port}"], TextWriter.Null, error);

        Assert.Equal(1, code);
        Assert.Contains("Gateway:Management:Port", Assert.Single(error.ToString().Trim().Split('\n')), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task HealthCheck_ReadyGateway_IsExitCode0()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(OneApi);

        Assert.Equal((0, $"127.0.0.1:{gateway.ManagementAddress.Port}: 200 ready"), await CheckAsync(gateway.Folder, gateway.ManagementAddress.Port));
    }

    [Fact]
    public async Task HealthCheck_FilesBrokenSince_StillAsks()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(OneApi);
        var broken = Directory.CreateTempSubdirectory("gateway-test").FullName;
        await File.WriteAllTextAsync(Path.Combine(broken, "appsettings.json"), """{ "Gateway": { "Nonsense": 1 } }""", TestContext.Current.CancellationToken);

        Assert.Equal(0, (await CheckAsync(broken, gateway.ManagementAddress.Port)).Code);

        // Nor does a file that is no JSON take away what the command line says.
        await File.WriteAllTextAsync(Path.Combine(broken, "appsettings.json"), "{", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await CheckAsync(broken, gateway.ManagementAddress.Port)).Code);
        Directory.Delete(broken, recursive: true);
    }

    [Fact]
    public async Task HealthCheck_NobodyThere_IsExitCode1()
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        var port = ((IPEndPoint)reserved.LocalEndpoint).Port;
        reserved.Stop();

        var (code, text) = await CheckAsync(Repository.Root, port);

        Assert.Equal(1, code);
        Assert.Contains("does not answer", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthCheck_PortSwitchedOff_IsExitCode1()
    {
        using var error = new StringWriter();

        Assert.Equal(1, await CommandLine.RunAsync(
            ["healthcheck", "--config", Repository.Root, "--stage", "Test", "--Gateway:Management:Enabled=false"], TextWriter.Null, error));
        Assert.Contains("Gateway:Management", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Text)> CheckAsync(string folder, int port)
    {
        using var output = new StringWriter();
        var code = await CommandLine.RunAsync(["healthcheck", "--config", folder, "--stage", "Development", $"--Gateway:Management:Port={port}"], output, output);
        return (code, output.ToString().Trim());
    }

    private static (string? Value, string? Origin) Find(JsonNode config, string list, string key)
    {
        var entry = Assert.Single(config[list]!.AsArray(), one => (string?)one!["key"] == key)!;
        return ((string?)entry["value"], (string?)entry["origin"]);
    }

    private sealed class OneMetric : IMetricsText
    {
        public string ContentType => "text/plain; version=0.0.4";

        public ValueTask WriteAsync(Stream body, CancellationToken cancellationToken) => body.WriteAsync("up 1\n"u8.ToArray(), cancellationToken);
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _started = new();
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void Reach(bool started, bool stopping)
        {
            if (started)
            {
                _started.Cancel();
            }

            if (stopping)
            {
                _stopping.Cancel();
            }
        }

        public void StopApplication() => _stopping.Cancel();

        public void Dispose()
        {
            _started.Dispose();
            _stopping.Dispose();
        }
    }
}
