using System.Runtime.CompilerServices;
using Gateway.Backends.Http;
using Gateway.Backends.Resilience;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gateway.Backends.Health;

/// <summary>The addresses that get calls: all but those known not to work. Logs each that goes or comes back, whoever judged it.</summary>
/// <remarks>With no address left there is none: YARP's default would send calls to all of them again.</remarks>
internal sealed class HealthyAddresses(ILogger<HealthyAddresses> logger) : IAvailableDestinationsPolicy
{
    /// <summary>Name of the policy in YARP's configuration.</summary>
    public const string PolicyName = "HealthyAddresses";

    /// <summary>Addresses that are out and were logged to be.</summary>
    private readonly ConditionalWeakTable<DestinationState, object> _lost = [];

    /// <inheritdoc/>
    public string Name => PolicyName;

    /// <summary>Whether an address gets calls.</summary>
    public static bool IsHealthy(DestinationState address)
        => address.Health is { Active: not DestinationHealth.Unhealthy, Passive: not DestinationHealth.Unhealthy };

    /// <summary>Called by YARP, one call a cluster at a time, whenever the health of an address has changed. The spelling is its.</summary>
    public IReadOnlyList<DestinationState> GetAvailalableDestinations(ClusterConfig config, IReadOnlyList<DestinationState> allDestinations)
    {
        var available = allDestinations.Where(IsHealthy).ToList();
        foreach (var address in allDestinations)
        {
            if (!IsHealthy(address))
            {
                if (_lost.TryAdd(address, this))
                {
                    logger.AddressLost(BackendName.Of(config.ClusterId), address.Model.Config.Address, available.Count, allDestinations.Count);
                }
            }
            else if (_lost.Remove(address))
            {
                logger.AddressBack(BackendName.Of(config.ClusterId), address.Model.Config.Address, available.Count, allDestinations.Count);
            }
        }

        return available;
    }
}
