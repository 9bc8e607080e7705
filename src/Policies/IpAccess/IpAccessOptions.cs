namespace Gateway.Policies.IpAccess;

/// <summary>A policy of type <c>IpAccess</c>: which client addresses may call. Deny wins; with an allow list everybody else is refused.</summary>
public sealed record IpAccessOptions : PolicyOptions
{
    /// <summary>Addresses or networks (CIDR), IPv4 or IPv6, that may call. Empty, here and for all apps: everybody whom <see cref="Deny"/> does not name.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Addresses or networks (CIDR), IPv4 or IPv6, that may not call, whatever <see cref="Allow"/> says.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>Addresses from which only one app may call, by the app's name; they come on top of <see cref="Allow"/>, and <see cref="Deny"/> wins.</summary>
    public IReadOnlyDictionary<string, IpAccessAppOptions> Apps { get; init; } = new Dictionary<string, IpAccessAppOptions>();
}

/// <summary>Addresses of one app in an <c>IpAccess</c> policy.</summary>
public sealed record IpAccessAppOptions
{
    /// <summary>Addresses or networks (CIDR), IPv4 or IPv6, from which this app may call.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];
}
