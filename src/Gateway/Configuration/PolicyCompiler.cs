using System.Collections.Frozen;
using Gateway.Contracts;
using Gateway.Policies;
using Gateway.Policies.Authentication;
using Gateway.Policies.Cors;
using Gateway.Policies.IpAccess;
using Gateway.Policies.Throttling;

namespace Gateway.Configuration;

/// <summary>Compiles the effective policies of each API. One instance a snapshot, so that APIs share what is the same for them.</summary>
/// <remarks>What is compiled hangs on the endpoints, which are made anew for each snapshot; what must outlive it is kept by the policies themselves.</remarks>
internal sealed class PolicyCompiler(GatewayConfiguration configuration)
{
    private readonly AppDirectory _apps = AppDirectory.Compile(configuration.Options.Apps);
    private readonly FrozenDictionary<string, IpAccessList> _ipAccess = Compile<IpAccessOptions, IpAccessList>(configuration.Options, IpAccessList.Compile);
    private readonly FrozenDictionary<string, CorsPolicy> _cors = Compile<CorsOptions, CorsPolicy>(configuration.Options, CorsPolicy.Compile);

    /// <summary>Compiles what holds for one API: its own policies, else its group's.</summary>
    /// <param name="id">Group and API.</param>
    /// <param name="path">Base path and path together.</param>
    /// <param name="group">Its group.</param>
    /// <param name="api">The API.</param>
    /// <param name="maxRequestBody">Largest request body, in bytes.</param>
    public ApiPolicy Compile(string id, PathTemplate path, GroupOptions group, ApiOptions api, long maxRequestBody)
    {
        var hasApps = api.Auth == ApiAuth.App;
        return new ApiPolicy
        {
            ApiId = id,
            AllowHttp = api.Protocols.Contains(ApiProtocol.Http),
            AllowHttps = api.Protocols.Contains(ApiProtocol.Https),
            Stage = configuration.Stage,
            MaxRequestBody = maxRequestBody,
            IpAccess = (api.Policies.IpAccess ?? group.Policies.IpAccess) is { } ipAccess ? _ipAccess[ipAccess] : null,
            Cors = (api.Policies.Cors ?? group.Policies.Cors) is { } cors ? _cors[cors] : null,
            Authentication = hasApps ? CompileAuthentication(id, api) : null,
            Throttling = ThrottlingPlan.Compile(
                id, path, FindThrottling(api.Policies.Throttling ?? group.Policies.Throttling ?? []), hasApps, api.Concurrency, configuration.Options.ThrottlingState),
        };
    }

    private AppAuthentication CompileAuthentication(string id, ApiOptions api) => new()
    {
        ApiId = id,
        Apps = _apps,
        Grants = api.Apps.Where(static grant => grant.Value.Enabled)
            .ToFrozenDictionary(static grant => grant.Key, static grant => grant.Value.ExpiresAt, StringComparer.OrdinalIgnoreCase),
        AppCode = api.AppCode,
        AllowSha256 = api.SignatureMethods.Contains(SignatureMethod.HmacSHA256),
        AllowSha1 = api.SignatureMethods.Contains(SignatureMethod.HmacSHA1),
        RequireNonce = api.RequireNonce,
        StrictSignature = api.StrictSignature,
        Settings = configuration.Options.Authentication,
    };

    /// <summary>Policies by name, spelled as in <c>Gateway:Policies</c>, whose names also name counters.</summary>
    private IReadOnlyList<KeyValuePair<string, ThrottlingOptions>> FindThrottling(IReadOnlyList<string> names)
        => [.. configuration.Options.Policies
            .Where(policy => policy.Value is ThrottlingOptions && names.Contains(policy.Key, StringComparer.OrdinalIgnoreCase))
            .Select(static policy => KeyValuePair.Create(policy.Key, (ThrottlingOptions)policy.Value))];

    private static FrozenDictionary<string, TPolicy> Compile<TOptions, TPolicy>(GatewayOptions options, Func<TOptions, TPolicy> compile)
        where TOptions : PolicyOptions
        => options.Policies.Where(static policy => policy.Value is TOptions)
            .ToFrozenDictionary(static policy => policy.Key, policy => compile((TOptions)policy.Value), StringComparer.OrdinalIgnoreCase);
}
