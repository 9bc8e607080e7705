using System.Collections.Frozen;
using Gateway.Backends;
using Gateway.Backends.Health;
using Gateway.Backends.SystemParameters;
using Gateway.Contracts;
using Gateway.LocalFunctions;
using Gateway.Policies.Authentication;
using Gateway.Policies.Forwarding;
using Gateway.Routing;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;

namespace Gateway.Configuration;

/// <summary>Compiles validated options to a snapshot. A pure function: no services, no clock.</summary>
internal static class GatewayCompiler
{
    /// <summary>
    /// YARP needs a pattern for each route, but never matches by it: the endpoint is chosen by <see cref="RouteTable"/> and set before
    /// ASP.NET Core's routing runs.
    /// </summary>
    private const string UnusedPattern = "/{**path}";

    /// <summary>Names under which YARP's snapshot shows that something of a route changed; without it stale endpoints would live on.</summary>
    private const string FingerprintKey = "gateway.fingerprint";

    /// <summary>Longest time YARP waits for a sign of life on event routes; the deadline of the call itself comes first.</summary>
    private static readonly TimeSpan EventActivityTimeout = TimeSpan.FromDays(2);

    /// <summary>Compiles a configuration.</summary>
    /// <param name="configuration">The options, already validated, and the tree they were read from.</param>
    /// <param name="localAddress">Address of a local function; asked for in Development only.</param>
    public static GatewaySnapshot Compile(GatewayConfiguration configuration, Func<string, LocalFunctionKind, Uri> localAddress)
    {
        var options = configuration.Options;
        var node = configuration.Root.Child(ConfigurationLoader.SectionName)!;
        var limits = node.Child("Limits")?.Fingerprint();
        var policies = new PolicyCompiler(configuration);

        // An API may spell a backend's name in another case; what is named after it, a function above all, is spelled as the backend is.
        var names = options.Backends.Keys.ToDictionary(static name => name, StringComparer.OrdinalIgnoreCase);
        var clusterIds = names.Values.ToDictionary(static name => name, name => $"{name}@{node.Child("Backends")!.Child(name)!.Fingerprint()}");

        var apis = new List<Api>();
        var routes = new List<RouteConfig>();
        foreach (var (groupName, group) in options.Groups)
        {
            var apiNodes = node.Child("Groups")!.Child(groupName)!.Child("Apis")?.Children.ToDictionary(static api => api.Key, StringComparer.OrdinalIgnoreCase);
            foreach (var (apiName, apiOptions) in group.Apis.Where(static api => api.Value.Enabled))
            {
                var api = CompileApi(groupName, $"{groupName}/{apiName}", group, apiOptions, names[apiOptions.Backend!], configuration, policies);
                apis.Add(api);
                if (api.Backend is not null)
                {
                    routes.Add(new RouteConfig
                    {
                        RouteId = api.Id,
                        ClusterId = clusterIds[api.BackendName],
                        Match = new RouteMatch { Path = UnusedPattern },
                        Metadata = new Dictionary<string, string>
                        {
                            [FingerprintKey] = $"{apiNodes![apiName].Fingerprint()} {group.BasePath} {limits} {configuration.Stage}",
                        },
                    });
                }
            }
        }

        var functions = options.Backends.Where(static backend => backend.Value is FunctionOptions).ToArray();
        return new GatewaySnapshot
        {
            RevisionId = node.Fingerprint(),
            Apis = apis,
            Routes = new RouteTable(apis),
            Limits = options.Limits,
            Errors = options.Errors,
            Observability = options.Observability,
            Unmatched = ApiLabels.Unmatched(configuration.Stage),
            TrustedProxies = TrustedProxies.Compile(options.TrustedProxies),
            BackendsByCluster = functions.ToFrozenDictionary(backend => clusterIds[backend.Key], static backend => (FunctionOptions)backend.Value),
            BackendsByRoute = apis.Where(static api => api.Backend is not null).ToFrozenDictionary(static api => api.Id, static api => api.Backend!),
            ProxyRoutes = routes,
            Clusters = [.. functions.Select(backend => CompileCluster(backend.Key, clusterIds[backend.Key], (FunctionOptions)backend.Value, localAddress))],
        };
    }

    private static Api CompileApi(string groupName, string id, GroupOptions group, ApiOptions options, string backendName, GatewayConfiguration configuration, PolicyCompiler policies)
    {
        var backend = configuration.Options.Backends[backendName];
        var limits = configuration.Options.Limits;
        var maxRequestBody = (options.MaxRequestBody ?? (backend is EventFunctionOptions ? limits.EventBody : limits.WebBody)).Bytes;
        var path = Parse(ApiPath.Join(group.BasePath, options.Path!));
        return new Api
        {
            Id = id,
            Labels = new ApiLabels(id, groupName, configuration.Stage ?? ApiLabels.AnyStage, path.Text),
            Hosts = group.Hosts,
            Path = path,
            Methods = options.Methods,
            AllowEncodedSlash = options.AllowEncodedSlash,
            BackendName = backendName,
            Mock = backend as MockOptions,
            Policy = policies.Compile(id, path, group, options, maxRequestBody),
            Backend = backend is not FunctionOptions function ? null : new ApiBackend
            {
                ApiId = id,
                BackendName = backendName,
                Options = function,
                Path = path,
                BackendPath = options.BackendPath is null ? null : Parse(options.BackendPath),
                BackendMethod = options.BackendMethod,
                Timeout = options.Timeout ?? function.Timeout,
                ResponseContentType = options.ResponseContentType,
                ForceResponseContentType = options.ForceResponseContentType,
                MaxRequestBody = maxRequestBody,
                RemovesAppCodeQuery = options is { Auth: ApiAuth.App, AppCode: AppCodeUse.HeaderOrQuery },
                Stage = configuration.Stage,
                SystemParameters = [.. options.SystemParameters.Select(static entry => new SystemParameter(
                    Enum.Parse<SystemValue>(entry.Key, ignoreCase: true), entry.Value.Header ?? entry.Value.Query!, entry.Value.Query is not null))],
            },
        };
    }

    private static ClusterConfig CompileCluster(string name, string clusterId, FunctionOptions options, Func<string, LocalFunctionKind, Uri> localAddress)
    {
        string[] addresses = options switch
        {
            { Address: { } address } => [address],
            { Addresses.Count: > 0 } => [.. options.Addresses],
            _ => [localAddress(options.Function ?? name, options is EventFunctionOptions ? LocalFunctionKind.Event : LocalFunctionKind.Web).ToString()],
        };
        return new ClusterConfig
        {
            ClusterId = clusterId,
            LoadBalancingPolicy = options.LoadBalancing switch
            {
                LoadBalancing.RoundRobin => LoadBalancingPolicies.RoundRobin,
                LoadBalancing.LeastRequests => LoadBalancingPolicies.LeastRequests,
                LoadBalancing.Random => LoadBalancingPolicies.Random,
                LoadBalancing.First => LoadBalancingPolicies.FirstAlphabetical,
                _ => LoadBalancingPolicies.PowerOfTwoChoices,
            },
            Destinations = addresses.Select(static (address, index) => (address, index)).ToDictionary(
                static item => item.index.ToString("D4", System.Globalization.CultureInfo.InvariantCulture), // In order of the list, for First.
                static item => new DestinationConfig { Address = item.address }),
            HttpRequest = new Yarp.ReverseProxy.Forwarder.ForwarderRequestConfig
            {
                ActivityTimeout = options is EventFunctionOptions ? EventActivityTimeout : options.Timeout,
                Version = System.Net.HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            },
        }.WithHealth(options.Health);
    }

    private static PathTemplate Parse(string text)
        => PathTemplate.TryParse(text, out var template, out var problem) ? template! : throw new ArgumentException(problem, nameof(text));
}
