using System.Diagnostics.Metrics;
using Gateway.Configuration;
using Gateway.Contracts;

namespace Gateway.Observability;

/// <summary>What became of each configuration that was read, and what is in force.</summary>
internal sealed class ConfigurationMetrics
{
    private static readonly string[] Results = ["applied", "unchanged", "refused", "failed"];

    private readonly long[] _reloads = new long[Results.Length];
    private readonly TimeProvider _time;
    private volatile State? _state;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="time">The clock.</param>
    public ConfigurationMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableCounter("gateway.config.reloads", ObserveReloads, "{reload}", "Configurations read again after a change, by what became of them.");
        meter.CreateObservableGauge("gateway.config.last_success", ObserveSuccess, "s", "When a configuration was last accepted, in seconds since 1970.");
        meter.CreateObservableGauge("gateway.config.entries", ObserveEntries, "{entry}", "Entries of the configuration in force.");
        meter.CreateObservableGauge("gateway.config.info", ObserveInfo, unit: null, "Always 1; the label names the configuration in force.");
    }

    /// <summary>A configuration came into force, at the start or by a reload.</summary>
    public void InForce(GatewaySnapshot snapshot, GatewayOptions options)
        => _state = new State(snapshot.RevisionId, snapshot.Unmatched.Stage, snapshot.Apis.Count, options.Backends.Count, options.Apps.Count, options.Policies.Count, Now());

    /// <summary>A changed configuration was applied.</summary>
    public void Applied() => Count("applied");

    /// <summary>The files are valid and say what is in force already.</summary>
    public void Unchanged()
    {
        Count("unchanged");
        if (_state is { } state)
        {
            _state = state with { AcceptedAt = Now() };
        }
    }

    /// <summary>A changed configuration was wrong.</summary>
    public void Refused() => Count("refused");

    /// <summary>A changed configuration was right, but could not be applied.</summary>
    public void Failed() => Count("failed");

    private void Count(string result) => Interlocked.Increment(ref _reloads[Array.IndexOf(Results, result)]);

    /// <summary>All results from the start: an alert on the first refusal needs the zero before it.</summary>
    private IEnumerable<Measurement<long>> ObserveReloads()
        => Results.Select((result, index) => new Measurement<long>(Volatile.Read(ref _reloads[index]), new KeyValuePair<string, object?>("gateway.config.result", result)));

    private double Now() => _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000d;

    private IEnumerable<Measurement<double>> ObserveSuccess() => _state is { } state ? [new(state.AcceptedAt)] : [];

    private IEnumerable<Measurement<int>> ObserveEntries()
        => _state is { } state ? [Entries(state.Apis, "apis"), Entries(state.Backends, "backends"), Entries(state.Apps, "apps"), Entries(state.Policies, "policies")] : [];

    private IEnumerable<Measurement<int>> ObserveInfo()
        => _state is { } state ? [new(1, new("gateway.config.hash", state.Hash), new KeyValuePair<string, object?>(Telemetry.Stage, state.Stage))] : [];

    private static Measurement<int> Entries(int count, string kind) => new(count, new KeyValuePair<string, object?>("gateway.config.kind", kind));

    /// <summary>The configuration in force.</summary>
    private sealed record State(string Hash, string Stage, int Apis, int Backends, int Apps, int Policies, double AcceptedAt);
}
