using System.Diagnostics;
using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Gateway.Contracts;
using Gateway.Observability;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Gateway.Benchmarks;

/// <summary>What it costs to measure one request, with nobody collecting and with the collector behind <c>/metrics</c>.</summary>
[MemoryDiagnoser]
public class RequestMetricsBenchmarks : IDisposable
{
    private static readonly ApiLabels Labels = new("group/api", "group", "RELEASE", "/api/*");

    private readonly DefaultHttpContext _context = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly PrometheusText _text = new();
    private MeterProvider? _collector;
    private RequestMetrics _metrics = null!;

    /// <summary>Whether anybody collects.</summary>
    [Params(false, true)]
    public bool IsCollected { get; set; }

    /// <summary>Prepares one request.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _collector = IsCollected ? Sdk.CreateMeterProviderBuilder().AddMeter(Telemetry.Name).AddReader(_text.Reader).Build() : null;
        _metrics = new RequestMetrics(_services.GetRequiredService<IMeterFactory>());
        _context.Features.Set(new GatewayFeature { RequestId = "1", StartedAt = Stopwatch.GetTimestamp(), Labels = Labels });
    }

    /// <summary>One request: a counter and three histograms.</summary>
    [Benchmark]
    public void RequestEnded() => _metrics.RequestEnded(_context, RequestEnd.Of(_context, Labels), withApp: false);

    /// <summary>Ends the collection.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _collector?.Dispose();
        _services.Dispose();
        _text.Dispose();
        GC.SuppressFinalize(this);
    }
}
