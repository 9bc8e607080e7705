using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace Gateway.Backends.Http;

/// <summary>Gives a request the timeout of its API, or of an idle WebSocket, where that is not its backend's. Metadata of an API's endpoint.</summary>
/// <remarks>
/// YARP takes the activity timeout from the cluster, which all APIs of a backend share; a route's own <c>Timeout</c> answers 400
/// (dotnet/yarp#2662). So such a request is shown a model of the same cluster, with the same client, that has the other timeout.
/// </remarks>
/// <param name="options">Options of the web function.</param>
/// <param name="timeout">Timeout of the API.</param>
public sealed class ApiTimeouts(WebFunctionOptions options, TimeSpan timeout)
{
    private volatile Models? _models;

    /// <summary>Runs inside the proxy pipeline, before the request is forwarded.</summary>
    public static Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()!.Metadata.GetMetadata<ApiTimeouts>() is { } timeouts)
        {
            timeouts.Apply(context);
        }

        return next(context);
    }

    private void Apply(HttpContext context)
    {
        var isWebSocket = WebSocketHandshake.IsAskedFor(context);
        var wanted = isWebSocket ? options.IdleTimeout : timeout;
        if (wanted == options.Timeout)
        {
            return;
        }

        var proxy = context.GetReverseProxyFeature();
        var models = _models;
        if (models is null || models.Cluster != proxy.Cluster)
        {
            _models = models = new Models(proxy.Cluster, With(proxy.Cluster, timeout), With(proxy.Cluster, options.IdleTimeout));
        }

        context.Features.Set<IReverseProxyFeature>(new ProxyFeature(proxy, isWebSocket ? models.WebSocket : models.Request));
    }

    private static ClusterModel With(ClusterModel cluster, TimeSpan timeout)
        => new(cluster.Config with { HttpRequest = cluster.Config.HttpRequest! with { ActivityTimeout = timeout } }, cluster.HttpClient);

    private sealed record Models(ClusterModel Cluster, ClusterModel Request, ClusterModel WebSocket);

    /// <summary>YARP's feature of the request, with another model of its cluster.</summary>
    private sealed class ProxyFeature(IReverseProxyFeature proxy, ClusterModel cluster) : IReverseProxyFeature
    {
        public RouteModel Route => proxy.Route;

        public ClusterModel Cluster => cluster;

        public IReadOnlyList<DestinationState> AllDestinations => proxy.AllDestinations;

        public IReadOnlyList<DestinationState> AvailableDestinations
        {
            get => proxy.AvailableDestinations;
            set => proxy.AvailableDestinations = value;
        }

        public DestinationState? ProxiedDestination
        {
            get => proxy.ProxiedDestination;
            set => proxy.ProxiedDestination = value;
        }
    }
}
