using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Contracts;
using Gateway.Observability;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Gateway.Tests.Observability;

/// <summary>What it costs to measure a request.</summary>
public sealed class RequestMetricsTests
{
    private const int Requests = 20_000;

    [Fact]
    public void RequestEnded_WithACollector_AllocatesNothing()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var text = new PrometheusText();
        using var collector = Sdk.CreateMeterProviderBuilder().AddMeter(Telemetry.Name).AddReader(text.Reader).Build();
        var metrics = new RequestMetrics(services.GetRequiredService<IMeterFactory>());
        var labels = new ApiLabels("g/a", "g", "TEST", "/a");
        var context = new DefaultHttpContext();
        context.Features.Set(new GatewayFeature { RequestId = "1", StartedAt = Stopwatch.GetTimestamp(), Labels = labels });
        Record(context, metrics, labels);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        Record(context, metrics, labels);
        var time = Stopwatch.GetElapsedTime(start) / Requests;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{time.TotalNanoseconds:0} ns a request");
        Assert.Equal(0, allocated);
    }

    private static void Record(HttpContext context, RequestMetrics metrics, ApiLabels labels)
    {
        for (var i = 0; i < Requests; i++)
        {
            metrics.RequestEnded(context, RequestEnd.Of(context, labels), withApp: false);
        }
    }
}
