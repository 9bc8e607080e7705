using System.Collections.Frozen;
using Gateway.Policies;
using Gateway.Policies.IpAccess;
using Gateway.Policies.Throttling;

namespace Gateway.Configuration;

/// <summary>Finds the policies that hold for an API: the one place that says which they are. Immutable.</summary>
/// <remarks>Names compare without case, so everything found here is spelled as where it is defined: what is compiled may then compare ordinally.</remarks>
internal sealed class PolicyIndex
{
    private readonly FrozenDictionary<string, KeyValuePair<string, PolicyOptions>> _policies;
    private readonly FrozenDictionary<string, string> _apps;

    /// <summary>Indexes the policies and apps of a configuration.</summary>
    public PolicyIndex(GatewayOptions options)
    {
        _apps = options.Apps.Keys.ToFrozenDictionary(static name => name, StringComparer.OrdinalIgnoreCase);
        _policies = options.Policies.ToFrozenDictionary(
            static policy => policy.Key,
            policy => KeyValuePair.Create(policy.Key, Respell(policy.Value)),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The policies that hold for an API. Names that stand for no policy, or for one of another type, are left out: validation refuses them.</summary>
    public EffectivePolicies Find(GroupOptions group, ApiOptions api)
    {
        var isThrottlingOwn = api.Policies.Throttling is not null;
        return new EffectivePolicies
        {
            IpAccess = Find<IpAccessOptions>(api.Policies.IpAccess, group.Policies.IpAccess),
            Cors = Find<Policies.Cors.CorsOptions>(api.Policies.Cors, group.Policies.Cors),
            Throttling = [.. (api.Policies.Throttling ?? group.Policies.Throttling ?? [])
                .Select(name => Find<ThrottlingOptions>(name, isThrottlingOwn))
                .OfType<NamedPolicy<ThrottlingOptions>>()],
        };
    }

    /// <summary>Entries by app, each app spelled as in <c>Gateway:Apps</c>.</summary>
    public IReadOnlyDictionary<string, TValue> Respell<TValue>(IReadOnlyDictionary<string, TValue> byApp)
        => byApp.ToDictionary(entry => _apps.GetValueOrDefault(entry.Key, entry.Key), static entry => entry.Value, StringComparer.OrdinalIgnoreCase);

    private PolicyOptions Respell(PolicyOptions policy) => policy switch
    {
        IpAccessOptions { Apps.Count: > 0 } ipAccess => ipAccess with { Apps = Respell(ipAccess.Apps) },
        ThrottlingOptions { Apps.Count: > 0 } throttling => throttling with { Apps = Respell(throttling.Apps) },
        _ => policy,
    };

    private NamedPolicy<TOptions>? Find<TOptions>(string? own, string? ofGroup)
        where TOptions : PolicyOptions
        => own is not null ? Find<TOptions>(own, isOwn: true) : ofGroup is not null ? Find<TOptions>(ofGroup, isOwn: false) : null;

    private NamedPolicy<TOptions>? Find<TOptions>(string name, bool isOwn)
        where TOptions : PolicyOptions
        => _policies.TryGetValue(name, out var policy) && policy.Value is TOptions options ? new NamedPolicy<TOptions>(policy.Key, options, isOwn) : null;
}
