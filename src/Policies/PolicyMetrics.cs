using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Contracts;
using Gateway.Policies.Throttling;

namespace Gateway.Policies;

/// <summary>What the policies count: who proved to be whom, and what the limits decided. Labels come from the configuration only.</summary>
internal sealed class PolicyMetrics
{
    private const string Refused = "refused";

    private readonly Counter<long> _attempts;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _storeErrors;
    private readonly ServedStage _stage;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="stage">The stage, for what is counted without a request.</param>
    public PolicyMetrics(IMeterFactory meters, ServedStage stage)
    {
        _stage = stage;
        var meter = meters.Create(Telemetry.Name);
        _attempts = meter.CreateCounter<long>("gateway.auth.attempts", "{attempt}", "Callers that were asked who they are.");
        _decisions = meter.CreateCounter<long>("gateway.throttling.decisions", "{decision}", "Requests counted against a limit, or refused by it.");
        _storeErrors = meter.CreateCounter<long>("gateway.throttling.store.errors", "{error}", "Counters that the store lost or could not keep.");
    }

    /// <summary>Counts a caller of an API that only apps may call.</summary>
    /// <param name="gateway">The request.</param>
    /// <param name="scheme">What it proved itself with.</param>
    /// <param name="isRefused">Whether it was refused.</param>
    public void CallerAsked(GatewayFeature gateway, AuthScheme scheme, bool isRefused)
    {
        if (_attempts.Enabled && gateway.Labels is { } labels)
        {
            _attempts.Add(1, new TagList
            {
                { Telemetry.Api, labels.Api },
                { Telemetry.Stage, labels.Stage },
                { "gateway.auth.scheme", Name(scheme) },
                { "gateway.auth.result", isRefused ? Refused : "ok" },
            });
        }
    }

    /// <summary>Counts a request that a limit admitted.</summary>
    public void LimitAdmitted(GatewayFeature gateway, ThrottlingLimit limit) => Decided(gateway, limit, "admitted");

    /// <summary>Counts a request that a limit refused.</summary>
    public void LimitRefused(GatewayFeature gateway, ThrottlingLimit limit) => Decided(gateway, limit, Refused);

    /// <summary>Counts counters that the store had to forget.</summary>
    /// <param name="store">The store, <c>local</c>.</param>
    /// <param name="count">How many.</param>
    public void StoreFailed(string store, int count)
        => _storeErrors.Add(count, new(Telemetry.Stage, _stage.Label), new KeyValuePair<string, object?>("gateway.throttling.store", store));

    private void Decided(GatewayFeature gateway, ThrottlingLimit limit, string result)
    {
        if (_decisions.Enabled)
        {
            _decisions.Add(1, new TagList
            {
                { Telemetry.Stage, gateway.Labels?.Stage ?? _stage.Label },
                { "gateway.policy", limit.Policy },
                { "gateway.throttling.scope", Name(limit.CountedBy) },
                { "gateway.throttling.result", result },
            });
        }
    }

    private static string Name(AuthScheme scheme) => scheme switch
    {
        AuthScheme.Signature => "signature",
        AuthScheme.AppCode => "appcode",
        _ => "none",
    };

    private static string Name(CountedBy countedBy) => countedBy switch
    {
        CountedBy.Api => "api",
        CountedBy.App => "app",
        CountedBy.Address => "ip",
        _ => "value",
    };
}

/// <summary>What a caller proves itself with.</summary>
internal enum AuthScheme
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An AppCode.</summary>
    AppCode,

    /// <summary>A signature.</summary>
    Signature,
}
