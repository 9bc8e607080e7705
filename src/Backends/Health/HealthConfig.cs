using System.Globalization;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;

namespace Gateway.Backends.Health;

/// <summary>Writes a backend's health options as YARP's configuration.</summary>
public static class HealthConfig
{
    /// <summary>The cluster with the health checks of its backend; the same when there are none.</summary>
    public static ClusterConfig WithHealth(this ClusterConfig cluster, HealthOptions? options)
    {
        if (options is null or { Active: null, Passive: null })
        {
            return cluster;
        }

        var metadata = new Dictionary<string, string>(cluster.Metadata ?? new Dictionary<string, string>());
        if (options.Passive is { } passive)
        {
            metadata[AddressHealth.FailuresKey] = passive.Failures.ToString(CultureInfo.InvariantCulture);
        }

        if (options.Active is { } active)
        {
            metadata[ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = active.Threshold.ToString(CultureInfo.InvariantCulture);
        }

        return cluster with
        {
            Metadata = metadata,
            HealthCheck = new HealthCheckConfig
            {
                AvailableDestinationsPolicy = HealthyAddresses.PolicyName,
                Passive = options.Passive is null ? null : new PassiveHealthCheckConfig
                {
                    Enabled = true,
                    Policy = AddressHealth.PolicyName,
                    ReactivationPeriod = options.Passive.Reactivation,
                },
                Active = options.Active is null ? null : new ActiveHealthCheckConfig
                {
                    Enabled = true,
                    Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                    Path = options.Active.Path,
                    Interval = options.Active.Interval,
                    Timeout = options.Active.Timeout,
                },
            },
        };
    }
}
