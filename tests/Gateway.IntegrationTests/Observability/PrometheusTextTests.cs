using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Gateway.Observability;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests.Observability;

/// <summary>The text that Prometheus scrapes, of a gateway that served something.</summary>
[Collection(TracedTests.Name)]
public sealed class PrometheusTextTests
{
    [Fact]
    public async Task Text_OfAGatewayThatServed_HasItsSeriesInTheFormat()
    {
        await using var function = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync("hello"));
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "web": { "Type": "WebFunction", "Address": "{{function.Address}}", "CircuitBreaker": {}, "Health": { "Passive": {} } } },
              "Groups": { "g": { "Apis": { "all": { "Path": "/*", "Backend": "web", "Auth": "None" } } } }
            }
            """, "Test");
        await gateway.Client.GetStringAsync(new Uri("/x", UriKind.Relative), TestContext.Current.CancellationToken);
        await gateway.Client.GetStringAsync(new Uri("/y", UriKind.Relative), TestContext.Current.CancellationToken);
        await gateway.Log.WaitForAccessAsync(2);

        await ScrapeAsync(gateway); // A second scrape starts anew: no series twice.
        var lines = await ScrapeAsync(gateway);

        Assert.Contains("gateway_requests_total{gateway_api=\"g/all\",gateway_group=\"g\",gateway_outcome=\"ok\",gateway_stage=\"TEST\"} 2", lines);
        Assert.Contains("# TYPE gateway_requests_total counter", lines);
        Assert.Contains("# TYPE gateway_overhead_duration_seconds histogram", lines);
        Assert.Contains("gateway_overhead_duration_seconds_count{gateway_api=\"g/all\",gateway_group=\"g\",gateway_stage=\"TEST\"} 2", lines);
        Assert.Contains("http_server_response_body_size_bytes_sum{gateway_api=\"g/all\",gateway_group=\"g\",gateway_stage=\"TEST\"} 10", lines);
        Assert.Contains("gateway_circuit_state{gateway_backend=\"web\",gateway_stage=\"TEST\"} 0", lines);
        Assert.Contains("gateway_backend_addresses{gateway_address_state=\"healthy\",gateway_backend=\"web\",gateway_stage=\"TEST\"} 1", lines);
        Assert.Contains("gateway_config_entries{gateway_config_kind=\"apis\"} 1", lines);
        Assert.Contains(lines, static line => line.StartsWith("gateway_config_last_success_seconds 1", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("target_info{", StringComparison.Ordinal) && line.Contains("service_name=\"gateway\"", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("dotnet_gc_", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("kestrel_active_connections", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, static line => line.Contains("network_peer_address", StringComparison.Ordinal));
        AssertFormat(lines);
    }

    [Fact]
    public async Task Text_AScraperThatDoesNotRead_KeepsNoOtherWaiting()
    {
        await using var gateway = await RunningGateway.StartSectionAsync("""
            { "Backends": { "b": { "Type": "Mock" } }, "Groups": { "g": { "Apis": { "a": { "Path": "/", "Backend": "b", "Auth": "None" } } } } }
            """, "Test");
        var metrics = gateway.Get<PrometheusText>();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var stuck = metrics.WriteAsync(pipe.Writer.AsStream(), TestContext.Current.CancellationToken).AsTask();

        await ScrapeAsync(gateway).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(stuck.IsCompleted);

        await pipe.Reader.CompleteAsync();
        await stuck;
    }

    /// <summary>Every series is there once, below the type of its metric, and the buckets of a histogram grow to its count.</summary>
    private static void AssertFormat(string[] lines)
    {
        var (metric, bucket) = ("", 0d);
        var names = new HashSet<string>();
        var series = new HashSet<string>();
        foreach (var line in lines)
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                metric = line.Split(' ')[2];
                Assert.True(names.Add(metric), line);
            }
            else if (!line.StartsWith('#'))
            {
                Assert.StartsWith(metric, line, StringComparison.Ordinal);
                var end = line.LastIndexOf(' ');
                Assert.True(series.Add(line[..end]), line);
                var value = double.Parse(line[(end + 1)..].Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture);
                if (line.Contains("_bucket{", StringComparison.Ordinal))
                {
                    Assert.True(value >= bucket, line);
                    bucket = line.Contains("le=\"+Inf\"", StringComparison.Ordinal) ? 0 : value;
                }
            }
        }
    }

    private static async Task<string[]> ScrapeAsync(RunningGateway gateway)
    {
        using var text = new MemoryStream();
        await gateway.Get<PrometheusText>().WriteAsync(text, TestContext.Current.CancellationToken);
        var written = Encoding.UTF8.GetString(text.ToArray());
        Assert.EndsWith("\n", written, StringComparison.Ordinal);
        return written[..^1].Split('\n');
    }
}
