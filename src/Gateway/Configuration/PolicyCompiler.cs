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
    private readonly PolicyIndex _index = new(configuration.Options);
    private readonly Dictionary<IpAccessOptions, IpAccessList> _ipAccess = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<CorsOptions, CorsPolicy> _cors = new(ReferenceEqualityComparer.Instance);

    /// <summary>Compiles what holds for one API: its own policies, else its group's.</summary>
    /// <param name="id">Group and API.</param>
    /// <param name="path">Base path and path together.</param>
    /// <param name="group">Its group.</param>
    /// <param name="api">The API.</param>
    /// <param name="maxRequestBody">Largest request body, in bytes.</param>
    public ApiPolicy Compile(string id, PathTemplate path, GroupOptions group, ApiOptions api, long maxRequestBody)
    {
        var hasApps = api.Auth == ApiAuth.App;
        var policies = _index.Find(group, api);
        return new ApiPolicy
        {
            ApiId = id,
            AllowHttp = api.Protocols.Contains(ApiProtocol.Http),
            AllowHttps = api.Protocols.Contains(ApiProtocol.Https),
            RedirectPort = api.RedirectHttp ?? group.RedirectHttp ? configuration.Options.Tls.RedirectPort : null,
            Stage = configuration.Stage,
            MaxRequestBody = maxRequestBody,
            IpAccess = policies.IpAccess is { } ipAccess ? Once(_ipAccess, ipAccess.Options, IpAccessList.Compile) : null,
            Cors = policies.Cors is { } cors ? Once(_cors, cors.Options, CorsPolicy.Compile) : null,
            Authentication = hasApps ? CompileAuthentication(id, api) : null,
            Throttling = ThrottlingPlan.Compile(
                id,
                path,
                [.. policies.Throttling.Select(static policy => KeyValuePair.Create(policy.Name, policy.Options))],
                hasApps,
                api.Concurrency,
                configuration.Options.ThrottlingState),
        };
    }

    private AppAuthentication CompileAuthentication(string id, ApiOptions api) => new()
    {
        ApiId = id,
        Apps = _apps,
        Grants = _index.Respell(api.Apps).Where(static grant => grant.Value.Enabled)
            .ToFrozenDictionary(static grant => grant.Key, static grant => grant.Value.ExpiresAt, StringComparer.Ordinal),
        AppCode = api.AppCode,
        AllowSha256 = api.SignatureMethods.Contains(SignatureMethod.HmacSHA256),
        AllowSha1 = api.SignatureMethods.Contains(SignatureMethod.HmacSHA1),
        RequireNonce = api.RequireNonce,
        StrictSignature = api.StrictSignature,
        Settings = configuration.Options.Authentication,
    };

    /// <summary>Compiles a policy when the first API asks for it: a list of 10,000 networks that many APIs share is one list.</summary>
    private static TPolicy Once<TOptions, TPolicy>(Dictionary<TOptions, TPolicy> compiled, TOptions options, Func<TOptions, TPolicy> compile)
        where TOptions : notnull
    {
        if (!compiled.TryGetValue(options, out var policy))
        {
            compiled.Add(options, policy = compile(options));
        }

        return policy;
    }
}
