using Gateway.Policies;
using Gateway.Policies.Cors;
using Gateway.Policies.IpAccess;
using Gateway.Policies.Throttling;

namespace Gateway.Configuration;

/// <summary>A policy that holds for an API.</summary>
/// <param name="Name">Its name, spelled as in <c>Gateway:Policies</c>: it also names counters.</param>
/// <param name="Options">What it says. The apps in it are spelled as in <c>Gateway:Apps</c>.</param>
/// <param name="IsOwn">True when the API names it, false when its group does.</param>
internal sealed record NamedPolicy<TOptions>(string Name, TOptions Options, bool IsOwn)
    where TOptions : PolicyOptions;

/// <summary>The policies that hold for one API: of each type its own, else its group's. Immutable.</summary>
internal sealed record EffectivePolicies
{
    /// <summary>Which addresses may call; null for all.</summary>
    public required NamedPolicy<IpAccessOptions>? IpAccess { get; init; }

    /// <summary>What limits the API, in the order in which it is named; empty for nothing.</summary>
    public required IReadOnlyList<NamedPolicy<ThrottlingOptions>> Throttling { get; init; }

    /// <summary>Which web pages may call; null where the backend answers for itself.</summary>
    public required NamedPolicy<CorsOptions>? Cors { get; init; }
}
