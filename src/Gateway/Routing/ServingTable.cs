using System.Collections.Frozen;
using Gateway.Backends;
using Gateway.Backends.Http;
using Gateway.Configuration;
using Yarp.ReverseProxy.Model;

namespace Gateway.Routing;

/// <summary>Holds the table in force, which is swapped whole: a request sees one configuration or the next, never a mixture.</summary>
internal sealed class ServingTable
{
    private volatile Served? _current;

    /// <summary>The table in force.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been published yet.</exception>
    public Served Current => _current ?? throw new InvalidOperationException("No configuration has been applied yet.");

    /// <summary>Puts a snapshot in force, once YARP has built its endpoints.</summary>
    /// <param name="snapshot">The snapshot that YARP applied.</param>
    /// <param name="proxyEndpoints">YARP's endpoints.</param>
    public void Publish(GatewaySnapshot snapshot, IEnumerable<Endpoint> proxyEndpoints)
    {
        var byRoute = new Dictionary<string, Endpoint>(StringComparer.Ordinal);
        foreach (var endpoint in proxyEndpoints)
        {
            if (endpoint.Metadata.GetMetadata<RouteModel>() is { } route)
            {
                byRoute[route.Config.RouteId] = endpoint;
            }
        }

        _current = new Served(snapshot, snapshot.Apis.ToFrozenDictionary(static api => api, api => CreateEndpoint(api, byRoute)));
    }

    private static Endpoint CreateEndpoint(Api api, Dictionary<string, Endpoint> byRoute)
    {
        if (api.Mock is { } mock)
        {
            return new Endpoint(new MockAnswer(mock).WriteAsync, new EndpointMetadataCollection(api.Policy, new ApiRoute(api.Labels.Route)), api.Id);
        }

        var proxy = byRoute[api.Id];
        List<object> metadata = [.. proxy.Metadata, api.Policy, new ApiRoute(api.Labels.Route)];
        if (api.Backend is { Options: WebFunctionOptions web })
        {
            metadata.Add(new ApiTimeouts(web, api.Backend.Timeout));
        }

        return new Endpoint(proxy.RequestDelegate, new EndpointMetadataCollection(metadata), api.Id);
    }

    /// <summary>A snapshot with the endpoint of each of its APIs.</summary>
    internal sealed class Served(GatewaySnapshot snapshot, FrozenDictionary<Api, Endpoint> endpoints)
    {
        /// <summary>The snapshot.</summary>
        public GatewaySnapshot Snapshot { get; } = snapshot;

        /// <summary>The endpoint of an API of this snapshot.</summary>
        public Endpoint EndpointOf(Api api) => endpoints[api];
    }
}
