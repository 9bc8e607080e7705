using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Observability;

/// <summary>What is counted and measured of each request, once, at its end. Labels come from the configuration or a closed list.</summary>
internal sealed class RequestMetrics
{
    private static readonly double[] OverheadBounds = [0.0001, 0.00025, 0.0005, 0.00075, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.1];
    private static readonly double[] SizeBounds = [0, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];

    private readonly Counter<long> _requests;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _appRequests;
    private readonly Histogram<double> _overhead;
    private readonly Histogram<long> _requestSize;
    private readonly Histogram<long> _responseSize;

    /// <param name="meters">Makes the meter.</param>
    public RequestMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        var sizes = new InstrumentAdvice<long> { HistogramBucketBoundaries = [.. SizeBounds.Select(static bound => (long)bound)] };
        _requests = meter.CreateCounter<long>("gateway.requests", "{request}", "Requests by outcome: who is to blame.");
        _rejections = meter.CreateCounter<long>("gateway.rejections", "{request}", "Requests that the gateway answered with an error of its own.");
        _appRequests = meter.CreateCounter<long>("gateway.app.requests", "{request}", "Requests by app; only with Gateway:Observability:AppMetrics.");
        _overhead = meter.CreateHistogram(
            "gateway.overhead.duration",
            "s",
            "Time of a request in the gateway itself, without its backend and without waiting for its client.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = OverheadBounds });
        _requestSize = meter.CreateHistogram("http.server.request.body.size", "By", "Bytes of request bodies.", advice: sizes);
        _responseSize = meter.CreateHistogram("http.server.response.body.size", "By", "Bytes of response bodies.", advice: sizes);
    }

    /// <summary>Counts and measures a request that has ended.</summary>
    /// <param name="context">The request.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="withApp">Whether it is counted for its app.</param>
    public void RequestEnded(HttpContext context, in RequestEnd end, bool withApp)
    {
        var labels = end.Labels;
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } framework)
        {
            framework.Tags.Add(new(Telemetry.Api, labels.Api));
            framework.Tags.Add(new(Telemetry.Group, labels.Group));
            framework.Tags.Add(new(Telemetry.Stage, labels.Stage));
        }

        var tags = new TagList { { Telemetry.Api, labels.Api }, { Telemetry.Group, labels.Group }, { Telemetry.Stage, labels.Stage } };
        _overhead.Record(end.Overhead.TotalSeconds, tags);
        _requestSize.Record(end.RequestBytes, tags);
        _responseSize.Record(end.ResponseBytes, tags);
        if (end.Error is { } error)
        {
            CountRejection(tags, error);
        }

        tags.Add("gateway.outcome", end.Outcome.Name());
        _requests.Add(1, tags);
        if (withApp && end.App is { } app)
        {
            CountForApp(labels, app, end.Outcome);
        }
    }

    private void CountRejection(TagList tags, GatewayError error)
    {
        tags.Add(Telemetry.ErrorCode, error.Code);
        _rejections.Add(1, tags);
    }

    private void CountForApp(ApiLabels labels, string app, RequestOutcome outcome)
        => _appRequests.Add(1, new TagList
        {
            { "gateway.app", app },
            { Telemetry.Api, labels.Api },
            { Telemetry.Stage, labels.Stage },
            { "gateway.outcome", outcome.Name() },
        });
}
