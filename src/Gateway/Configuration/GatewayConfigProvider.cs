using Gateway.Backends;
using Yarp.ReverseProxy.Configuration;

namespace Gateway.Configuration;

/// <summary>Hands snapshots to YARP, one at a time, and tells when each is in force or has failed.</summary>
/// <param name="initial">The snapshot the program starts with.</param>
internal sealed class GatewayConfigProvider(GatewaySnapshot initial) : IProxyConfigProvider, IConfigChangeListener, IBackendSource
{
    private volatile GatewaySnapshot _current = initial;
    private volatile TaskCompletionSource _applied = new();
    private GatewaySnapshot _given = initial;

    /// <summary>The snapshot in force, or being applied.</summary>
    public GatewaySnapshot Current => _current;

    public IProxyConfig GetConfig() => _current;

    /// <summary>Gives YARP a snapshot and waits until it is applied. Calls must not overlap.</summary>
    /// <exception cref="AggregateException">YARP refused it; the previous one stays in force.</exception>
    public async Task ApplyAsync(GatewaySnapshot next)
    {
        var (previous, given) = (_current, _given);
        _applied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _given = _current = next;
        given.Supersede();
        try
        {
            await _applied.Task;
        }
        catch
        {
            _current = previous;
            throw;
        }
    }

    public ApiBackend FindRoute(string routeId) => _current.BackendsByRoute[routeId];

    public FunctionOptions FindCluster(string clusterId) => _current.BackendsByCluster[clusterId];

    void IConfigChangeListener.ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }

    void IConfigChangeListener.ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => _applied.TrySetResult();

    void IConfigChangeListener.ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => _applied.TrySetException(exception);

    void IConfigChangeListener.ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) => _applied.TrySetException(exception);
}
