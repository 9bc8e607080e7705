using System.Globalization;
using System.Runtime.CompilerServices;
using Gateway.Backends.Resilience;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gateway.Backends.Health;

/// <summary>Takes an address out of rotation after some failures in a row. A passive health policy of YARP.</summary>
/// <remarks>
/// Not YARP's own policy by rate: its window is one for all clusters and stretches every reactivation to a minute, and it sees only the
/// last address of a call that was tried again. The count stays when an address is taken out, so that one more failure after its
/// reactivation takes it out again.
/// </remarks>
internal sealed class AddressHealth(IDestinationHealthUpdater updater) : IPassiveHealthCheckPolicy
{
    /// <summary>Name of the policy in YARP's configuration.</summary>
    public const string PolicyName = "ConsecutiveCallFailures";

    /// <summary>Key of a cluster's metadata that holds the number of failures.</summary>
    public const string FailuresKey = "gateway.passive-failures";

    private readonly ConditionalWeakTable<DestinationState, StrongBox<int>> _failures = [];

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <inheritdoc/>
    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
        => CallEnded(context, cluster, CallOutcomes.Of(context));

    /// <summary>Takes note of how a call ended, for the address that was called last.</summary>
    public void CallEnded(HttpContext context, ClusterState cluster, CallOutcome outcome)
    {
        if (context.GetReverseProxyFeature().ProxiedDestination is not { } address)
        {
            return;
        }

        if (outcome is CallOutcome.TimedOut or CallOutcome.Broken)
        {
            if (context.Features.Get<BackendCall>() is not { IsFailureNoted: true })
            {
                Failed(cluster, address);
            }
        }
        else if (outcome != CallOutcome.Unknown && _failures.TryGetValue(address, out var failures))
        {
            Volatile.Write(ref failures.Value, 0);
        }
    }

    /// <summary>Counts a failure of an address; nothing for a cluster without passive health.</summary>
    public void Failed(ClusterState cluster, DestinationState address)
    {
        var config = cluster.Model.Config;
        if (config.HealthCheck?.Passive is not { Enabled: true, ReactivationPeriod: { } reactivation })
        {
            return;
        }

        var failures = _failures.GetValue(address, static _ => new StrongBox<int>());
        if (Interlocked.Increment(ref failures.Value) >= int.Parse(config.Metadata![FailuresKey], CultureInfo.InvariantCulture))
        {
            updater.SetPassive(cluster, address, DestinationHealth.Unhealthy, reactivation);
        }
    }
}
