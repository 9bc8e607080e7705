using System.Diagnostics.Metrics;
using Gateway.Backends.Health;
using Gateway.Backends.Http;
using Gateway.Backends.Resilience;
using Gateway.Contracts;
using Microsoft.Extensions.Hosting;
using Yarp.ReverseProxy;

namespace Gateway.Backends;

/// <summary>How circuits and addresses stand, read whenever somebody collects metrics. Backends without a circuit or health show none.</summary>
internal sealed class BackendGauges(IMeterFactory meters, IProxyStateLookup proxy, BackendGuards guards, ServedStage stage) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge("gateway.circuit.state", ObserveCircuits, unit: null, "Circuit of a backend: 0 closed, 1 half-open, 2 open.");
        meter.CreateObservableGauge("gateway.backend.addresses", ObserveAddresses, "{address}", "Addresses of a backend whose health is watched.");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<int>> ObserveCircuits()
        => guards.Circuits.Select(circuit => new Measurement<int>((int)circuit.State, new(Telemetry.Backend, circuit.Backend), new(Telemetry.Stage, stage.Label)));

    private IEnumerable<Measurement<int>> ObserveAddresses()
    {
        foreach (var cluster in proxy.GetClusters())
        {
            if (cluster.Model.Config.HealthCheck is null or { Passive.Enabled: not true, Active.Enabled: not true })
            {
                continue;
            }

            var all = cluster.DestinationsState.AllDestinations;
            var healthy = all.Count(HealthyAddresses.IsHealthy);
            var backend = BackendName.Of(cluster.ClusterId);
            yield return Addresses(healthy, backend, "healthy");
            yield return Addresses(all.Count - healthy, backend, "unhealthy");
        }
    }

    private Measurement<int> Addresses(int count, string backend, string state)
        => new(count, new(Telemetry.Backend, backend), new(Telemetry.Stage, stage.Label), new("gateway.address.state", state));
}
