using System.Globalization;
using Gateway.Backends;
using Gateway.Configuration;
using Gateway.Contracts;
using Gateway.Policies.Cors;
using Gateway.Policies.IpAccess;
using Gateway.Policies.Throttling;

namespace Gateway.Commands.Routes;

/// <summary>One enabled API with everything that is in effect for it: one element of <c>routes --json</c>. Holds no secret.</summary>
/// <remarks>Times are written as in configuration (<c>10s</c>), as are sizes and points in time.</remarks>
internal sealed record ListedApi
{
    /// <summary>Group and API.</summary>
    public required string Api { get; init; }

    /// <summary>HTTP methods, or <c>ANY</c>.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Hosts of the group; empty for any.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Base path and path together.</summary>
    public required string Path { get; init; }

    /// <summary>Where its requests go.</summary>
    public required ListedBackend Backend { get; init; }

    /// <summary>Schemes that are taken.</summary>
    public required IReadOnlyList<string> Protocols { get; init; }

    /// <summary>Whether <c>%2F</c> may stand in a path segment.</summary>
    public required bool AllowEncodedSlash { get; init; }

    /// <summary>Largest request body.</summary>
    public required string MaxRequestBody { get; init; }

    /// <summary><c>App</c> or <c>None</c>.</summary>
    public required string Auth { get; init; }

    /// <summary>Who may call and how they prove it; null where anybody may.</summary>
    public required ListedAuthentication? Authentication { get; init; }

    /// <summary>Which addresses may call; null for all.</summary>
    public required ListedPolicy<IpAccessOptions>? IpAccess { get; init; }

    /// <summary>Which web pages may call; null where the backend answers for itself.</summary>
    public required ListedPolicy<CorsOptions>? Cors { get; init; }

    /// <summary>What limits its requests; empty for nothing.</summary>
    public required IReadOnlyList<ListedPolicy<ThrottlingOptions>> Throttling { get; init; }

    /// <summary>Requests at once; null for any number.</summary>
    public required int? Concurrency { get; init; }

    /// <summary>Values that the gateway adds, by name, and where: <c>header X-Client</c>, <c>query app</c>.</summary>
    public required IReadOnlyDictionary<string, string> SystemParameters { get; init; }

    /// <summary>How long the backend is waited for; null for a mock.</summary>
    public required ListedTimeouts? Timeouts { get; init; }

    /// <summary>All enabled APIs, in order of the configuration.</summary>
    public static IEnumerable<ListedApi> All(GatewayConfiguration configuration)
    {
        var options = configuration.Options;
        var index = new PolicyIndex(options);
        foreach (var (groupName, group) in options.Groups)
        {
            foreach (var (apiName, api) in group.Apis)
            {
                if (api.Enabled)
                {
                    yield return Create($"{groupName}/{apiName}", group, api, options, index);
                }
            }
        }
    }

    private static ListedApi Create(string id, GroupOptions group, ApiOptions api, GatewayOptions options, PolicyIndex index)
    {
        var backend = options.Backends[api.Backend!];
        var policies = index.Find(group, api);
        var hasApps = api.Auth == ApiAuth.App;
        return new ListedApi
        {
            Api = id,
            Methods = api.Methods,
            Hosts = group.Hosts,
            Path = ApiPath.Join(group.BasePath, api.Path!),
            Backend = new ListedBackend(api.Backend!, Describe(backend)),
            Protocols = [.. api.Protocols.Distinct().Select(static protocol => protocol.ToString().ToUpperInvariant())],
            AllowEncodedSlash = api.AllowEncodedSlash,
            MaxRequestBody = (api.MaxRequestBody ?? (backend is EventFunctionOptions ? options.Limits.EventBody : options.Limits.WebBody)).ToString(),
            Auth = api.Auth.ToString(),
            Authentication = hasApps ? ListedAuthentication.Of(api, options.Apps, index) : null,
            IpAccess = policies.IpAccess is { } ipAccess ? Of(ipAccess, hasApps || ipAccess.Options.Apps.Count == 0) : null,
            Cors = policies.Cors is { } cors ? Of(cors, isWhole: true) : null,
            Throttling = [.. policies.Throttling.Select(policy => Of(policy, hasApps || policy.Options is { PerApp: null, Apps.Count: 0 }))],
            Concurrency = api.Concurrency,
            SystemParameters = api.SystemParameters.ToDictionary(
                static parameter => parameter.Key,
                static parameter => parameter.Value.Header is { } header ? $"header {header}" : $"query {parameter.Value.Query}"),
            Timeouts = backend is FunctionOptions function ? ListedTimeouts.Of(api, function) : null,
        };
    }

    private static ListedPolicy<TOptions> Of<TOptions>(NamedPolicy<TOptions> policy, bool isWhole)
        where TOptions : Policies.PolicyOptions
        => new(policy.Name, policy.IsOwn ? "api" : "group", isWhole, policy.Options);

    private static string Describe(BackendOptions backend) => backend switch
    {
        MockOptions => "mock",
        FunctionOptions { Address: null, Addresses.Count: 0 } => backend is EventFunctionOptions ? "local event function" : "local web function",
        EventFunctionOptions { Invoke: InvokeProtocol.CustomRuntime } => "event function, custom runtime",
        EventFunctionOptions => "event function",
        _ => "web function",
    };
}

/// <summary>The backend of an API.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is, in words.</param>
internal sealed record ListedBackend(string Name, string Kind);

/// <summary>A policy that holds for an API.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From"><c>api</c> or <c>group</c>: who names it.</param>
/// <param name="AppsApply">False when what it says of apps does not apply, because anybody may call the API.</param>
/// <param name="Settings">What it says.</param>
internal sealed record ListedPolicy<TOptions>(string Name, string From, bool AppsApply, TOptions Settings);

/// <summary>Effective timeouts of an API: its own, else its backend's.</summary>
/// <param name="Whole">Event function: the whole call; null otherwise.</param>
/// <param name="Silence">Web function: the longest silence in either direction; null otherwise.</param>
/// <param name="Connect">Longest time to connect.</param>
/// <param name="Idle">Longest silence on a WebSocket; null for an event function.</param>
internal sealed record ListedTimeouts(string? Whole, string? Silence, string Connect, string? Idle)
{
    /// <summary>The timeouts of an API at a function.</summary>
    public static ListedTimeouts Of(ApiOptions api, FunctionOptions function)
    {
        var timeout = Duration.Format(api.Timeout ?? function.Timeout);
        var connect = Duration.Format(function.ConnectTimeout);
        return function is WebFunctionOptions web
            ? new ListedTimeouts(null, timeout, connect, Duration.Format(web.IdleTimeout))
            : new ListedTimeouts(timeout, null, connect, null);
    }
}

/// <summary>How callers of an API prove who they are.</summary>
/// <param name="Apps">The apps with a grant that is not withdrawn.</param>
/// <param name="AppCode">Where AppCodes are taken.</param>
/// <param name="SignatureMethods">How requests may be signed.</param>
/// <param name="RequireNonce">Whether a signed request needs a nonce.</param>
/// <param name="StrictSignature">Whether what the signature does not cover is refused.</param>
internal sealed record ListedAuthentication(
    IReadOnlyList<ListedApp> Apps, string AppCode, IReadOnlyList<string> SignatureMethods, bool RequireNonce, bool StrictSignature)
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>What an API with <c>Auth</c> <c>App</c> asks for.</summary>
    public static ListedAuthentication Of(ApiOptions api, IReadOnlyDictionary<string, Policies.Authentication.AppOptions> apps, PolicyIndex index) => new(
        [.. index.Respell(api.Apps).Where(static grant => grant.Value.Enabled).Select(grant => new ListedApp(
            grant.Key,
            apps[grant.Key].Enabled,
            grant.Value.ExpiresAt?.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture)))],
        api.AppCode.ToString(),
        [.. api.SignatureMethods.Select(static method => method.ToString())],
        api.RequireNonce,
        api.StrictSignature);
}

/// <summary>An app that an API lists.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Enabled">False when the app itself is switched off.</param>
/// <param name="ExpiresAt">When its grant ends, UTC; null for never.</param>
internal sealed record ListedApp(string Name, bool Enabled, string? ExpiresAt);
