using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Gateway.Observability;

/// <summary>Which instruments are collected, with which labels, and how many series each may have.</summary>
/// <param name="own">The factory of this host's meters.</param>
/// <param name="apis">Number of APIs at the start.</param>
internal sealed class MetricViews(IMeterFactory own, int apis)
{
    /// <summary>The meters that are collected; never all, or dozens of private instruments would come along.</summary>
    public static IReadOnlyList<string> Meters { get; } =
    [
        Contracts.Telemetry.Name,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.RateLimiting",
        "System.Net.Http",
        "System.Runtime",
    ];

    /// <summary>Series of an instrument whose labels do not grow with the configuration.</summary>
    private const int FewSeries = 500;

    private const int FewestSeries = 2000;
    private const int MostSeries = 50_000;

    /// <summary>Combinations of status, outcome, method or policy that one API is given room for.</summary>
    private const int SeriesOfAnApi = 40;

    /// <summary>Labels of the connection metrics, all but <c>network.peer.address</c>: addresses behind a name come and go.</summary>
    private static readonly string[] ConnectionTags = ["server.address", "server.port", "url.scheme", "network.protocol.version", "http.connection.state"];

    /// <summary>How an instrument is collected.</summary>
    public MetricStreamConfiguration Choose(Instrument instrument)
    {
        // The collector finds meters by name, in all hosts of the process: those of the management port and of local functions are not ours.
        if (instrument.Meter.Scope is IMeterFactory other && other != own)
        {
            return MetricStreamConfiguration.Drop;
        }

        if (instrument.Name is "http.client.request.duration" or "http.client.active_requests")
        {
            return MetricStreamConfiguration.Drop; // gateway.backend.request.duration says more, and the client need not measure twice on every call.
        }

        return new MetricStreamConfiguration
        {
            CardinalityLimit = HasApiLabels(instrument) ? Math.Clamp(apis * SeriesOfAnApi, FewestSeries, MostSeries) : FewSeries,
            TagKeys = instrument.Name is "http.client.open_connections" or "http.client.connection.duration" ? ConnectionTags : null,
        };
    }

    private static bool HasApiLabels(Instrument instrument)
        => instrument.Meter.Name == Contracts.Telemetry.Name || instrument.Name == "http.server.request.duration";
}
