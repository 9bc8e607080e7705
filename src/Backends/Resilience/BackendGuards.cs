using System.Collections.Concurrent;
using Gateway.Backends.Health;
using Gateway.Backends.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Model;

namespace Gateway.Backends.Resilience;

/// <summary>The guards of the backends that have one. Follows YARP's clusters: a backend that is changed is another cluster.</summary>
internal sealed class BackendGuards(IBackendSource backends, AddressHealth health, TimeProvider time, ILoggerFactory loggers) : IClusterChangeListener
{
    private readonly ConcurrentDictionary<ClusterState, BackendGuard> _guards = new();
    private readonly ILogger _logger = loggers.CreateLogger("Gateway.Backends.Resilience");

    /// <summary>The circuits of all backends that have one, and how each stands.</summary>
    public IEnumerable<(string Backend, CircuitState State)> Circuits
    {
        get
        {
            foreach (var (cluster, guard) in _guards)
            {
                if (guard.Circuit is { } circuit)
                {
                    yield return (BackendName.Of(cluster.ClusterId), circuit.State);
                }
            }
        }
    }

    /// <summary>Runs inside the proxy pipeline, around everything that belongs to a call. Backends without a guard pay a look-up.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
        => _guards.TryGetValue(context.GetRouteModel().Cluster!, out var guard) ? guard.InvokeAsync(context, next) : next(context);

    void IClusterChangeListener.OnClusterAdded(ClusterState cluster)
    {
        var options = backends.FindCluster(cluster.ClusterId);
        if (BackendGuard.IsNeeded(options))
        {
            _guards[cluster] = new BackendGuard(cluster, BackendName.Of(cluster.ClusterId), options, health, time, _logger);
        }
    }

    void IClusterChangeListener.OnClusterChanged(ClusterState cluster)
    {
    }

    void IClusterChangeListener.OnClusterRemoved(ClusterState cluster) => _guards.TryRemove(cluster, out _);
}
