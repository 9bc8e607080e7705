using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Gateway.Contracts;

namespace Gateway.Backends;

/// <summary>What the gateway counts and measures of its backends. Labels come from the configuration or a closed list.</summary>
internal sealed class BackendMetrics
{
    /// <summary>Label value for a call whose client left before it was answered.</summary>
    public const string ClientClosed = "client_closed";

    /// <summary>The framework's bounds of requests, and longer ones: functions may run for minutes.</summary>
    private static readonly double[] Bounds =
        [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 30, 60, 120, 300];

    private static readonly FrozenDictionary<int, string> ErrorStatuses =
        Enumerable.Range(500, 100).ToFrozenDictionary(static status => status, static status => status.ToString(CultureInfo.InvariantCulture));

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _resultErrors;
    private readonly Counter<long> _retries;
    private readonly ServedStage _stage;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="stage">The stage, for what is counted without a request.</param>
    public BackendMetrics(IMeterFactory meters, ServedStage stage)
    {
        _stage = stage;
        var meter = meters.Create(Telemetry.Name);
        _duration = meter.CreateHistogram(
            "gateway.backend.request.duration",
            "s",
            "Time until a backend's answer: an event function's whole result, a web function's head.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });
        _resultErrors = meter.CreateCounter<long>("gateway.function.result_errors", "{error}", "Results of event functions that are none.");
        _retries = meter.CreateCounter<long>("gateway.backend.retries", "{retry}", "Calls that were sent again.");
    }

    /// <summary>Measures a call that has ended.</summary>
    /// <param name="gateway">The request.</param>
    /// <param name="api">The API's use of its backend.</param>
    /// <param name="errorType">What went wrong; null for nothing.</param>
    public void CallEnded(GatewayFeature gateway, ApiBackend api, string? errorType)
    {
        if (!_duration.Enabled || gateway.Labels is not { } labels)
        {
            return;
        }

        var tags = new TagList
        {
            { Telemetry.Api, labels.Api },
            { Telemetry.Group, labels.Group },
            { Telemetry.Stage, labels.Stage },
            { Telemetry.Backend, api.BackendName },
            { "gateway.backend.type", TypeOf(api.Options) },
        };
        if (gateway.BackendStatus > 0)
        {
            tags.Add("http.response.status_code", Telemetry.Status(gateway.BackendStatus));
        }

        if (errorType is not null)
        {
            tags.Add("error.type", errorType);
        }

        var end = gateway.BackendAnsweredAt > 0 ? gateway.BackendAnsweredAt : gateway.BackendEndedAt;
        _duration.Record(Stopwatch.GetElapsedTime(gateway.BackendStartedAt, end).TotalSeconds, tags);
    }

    /// <summary>Counts a result that is none.</summary>
    /// <param name="gateway">The request.</param>
    /// <param name="problem">What is wrong, from the closed list of <see cref="EventFunctions.ResultProblem"/>.</param>
    public void ResultRefused(GatewayFeature gateway, string problem)
    {
        if (gateway.Labels is { } labels)
        {
            _resultErrors.Add(1, new(Telemetry.Api, labels.Api), new(Telemetry.Stage, labels.Stage), new("gateway.function.result_problem", problem));
        }
    }

    /// <summary>Counts a call that is sent again.</summary>
    /// <param name="backend">Name of the backend.</param>
    public void CallRetried(string backend) => _retries.Add(1, new(Telemetry.Backend, backend), new KeyValuePair<string, object?>(Telemetry.Stage, _stage.Label));

    /// <summary>What went wrong with a call, as a label: the gateway's code, a status from 500 up, or that the client left. Null for nothing.</summary>
    /// <param name="gateway">The request.</param>
    /// <param name="isClientGone">Whether its client has left.</param>
    public static string? ErrorTypeOf(GatewayFeature gateway, bool isClientGone)
        => gateway.Failure?.Code
            ?? (ErrorStatuses.TryGetValue(gateway.BackendStatus, out var status) ? status
                : gateway.BackendStatus == 0 && isClientGone ? ClientClosed
                : null);

    /// <summary>The label <c>gateway.backend.type</c>.</summary>
    public static string TypeOf(FunctionOptions options) => options is EventFunctionOptions ? "event" : "web";
}
