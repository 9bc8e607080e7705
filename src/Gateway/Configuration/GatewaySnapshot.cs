using System.Collections.Frozen;
using Gateway.Backends;
using Gateway.Contracts;
using Gateway.Observability;
using Gateway.Policies.Forwarding;
using Gateway.Routing;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Gateway.Configuration;

#pragma warning disable CA1001 // The source has no timer and no wait handle, so there is nothing to dispose of, and YARP may still hold its token.
/// <summary>One compiled configuration: what YARP routes by, what the matcher and the policies check. Never changes once published.</summary>
internal sealed class GatewaySnapshot : IProxyConfig
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _superseded = new();

    /// <summary>Fingerprint of the whole configuration.</summary>
    public required string RevisionId { get; init; }

    /// <summary>All enabled APIs, in order of the configuration.</summary>
    public required IReadOnlyList<Api> Apis { get; init; }

    /// <summary>The matcher over <see cref="Apis"/>.</summary>
    public required RouteTable Routes { get; init; }

    /// <summary>Sizes a request may have.</summary>
    public required LimitsOptions Limits { get; init; }

    /// <summary>What is traced and counted.</summary>
    public required ObservabilityOptions Observability { get; init; }

    /// <summary>What requests that match no API are called in metrics, traces and logs.</summary>
    public required ApiLabels Unmatched { get; init; }

    /// <summary>Body of errors, and the status of codes that the operator overrides.</summary>
    public required ErrorsOptions Errors { get; init; }

    /// <summary>Networks whose forwarding headers are believed.</summary>
    public required TrustedProxies TrustedProxies { get; init; }

    /// <summary>Options of the backends by YARP cluster id, which is the backend's name and the fingerprint of its options.</summary>
    public required FrozenDictionary<string, FunctionOptions> BackendsByCluster { get; init; }

    /// <summary>The use each API makes of its backend, by YARP route id, which is the API's id.</summary>
    public required FrozenDictionary<string, ApiBackend> BackendsByRoute { get; init; }

    /// <summary>YARP's routes: one an API whose backend is not a mock.</summary>
    public required IReadOnlyList<RouteConfig> ProxyRoutes { get; init; }

    /// <summary>YARP's clusters: one a backend that is not a mock.</summary>
    public required IReadOnlyList<ClusterConfig> Clusters { get; init; }

    IReadOnlyList<RouteConfig> IProxyConfig.Routes => ProxyRoutes;

    IChangeToken IProxyConfig.ChangeToken => new CancellationChangeToken(_superseded.Token);

    /// <summary>Tells YARP that a later snapshot is there.</summary>
    public void Supersede() => _superseded.Cancel();
}
