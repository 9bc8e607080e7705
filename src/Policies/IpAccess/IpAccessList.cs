using System.Collections.Frozen;
using System.Net;

namespace Gateway.Policies.IpAccess;

/// <summary>A compiled <c>IpAccess</c> policy. Immutable.</summary>
/// <remarks>
/// Deny wins. As soon as anything is allowed, to everybody or to one app, everybody else is refused, of both families. An unknown address
/// is refused when there is any rule. Allow less deny is worked out beforehand, so that a check is one binary search, or two for an app.
/// </remarks>
public sealed class IpAccessList
{
    private readonly IReadOnlyList<string> _denyEntries;
    private readonly IpNetworkEntry[] _deny;
    private readonly bool _hasRules;

    /// <summary>From where every caller may call, known or not.</summary>
    private readonly IpSet _everybody;

    /// <summary>From where one app may call beyond that, by its name.</summary>
    private readonly FrozenDictionary<string, IpSet> _apps;

    /// <summary>From where at least one app may call beyond that.</summary>
    private readonly IpSet _someApp;

    private IpAccessList(IpAccessOptions options)
    {
        _denyEntries = options.Deny;
        _deny = Read(options.Deny);
        var denied = IpSet.Of(_deny);
        var allowed = Read(options.Allow);
        var apps = options.Apps.ToDictionary(static app => app.Key, static app => Read(app.Value.Allow));
        var isAllowList = allowed.Length > 0 || apps.Values.Any(static networks => networks.Length > 0);

        _hasRules = isAllowList || _deny.Length > 0;
        _everybody = (isAllowList ? IpSet.Of(allowed) : IpSet.All).Except(denied);
        _apps = apps.ToFrozenDictionary(static app => app.Key, app => IpSet.Of(app.Value).Except(denied), StringComparer.OrdinalIgnoreCase);
        _someApp = IpSet.Of(apps.Values.SelectMany(static networks => networks)).Except(denied);
    }

    /// <summary>Compiles a policy.</summary>
    /// <param name="options">The options, already validated.</param>
    /// <exception cref="FormatException">An entry is no address or network.</exception>
    public static IpAccessList Compile(IpAccessOptions options) => new(options);

    /// <summary>Why a list's entry is neither an address nor a network, with the fix; null when it is one.</summary>
    public static string? Refuse(string entry) => IpNetworkEntry.Read(entry, out _);

    /// <summary>Whether every caller may call from an address, known or not.</summary>
    /// <param name="address">The client's address, in either form of IPv4; null when it is not known.</param>
    public bool AdmitsEverybody(IPAddress? address) => address is null ? !_hasRules : _everybody.Contains(address);

    /// <summary>Whether an app may call from an address.</summary>
    /// <param name="address">The client's address, in either form of IPv4; null when it is not known.</param>
    /// <param name="app">The app's name; null as long as it is not known, when it is enough that some app may, which must then be asked again.</param>
    public bool Admits(IPAddress? address, string? app)
    {
        if (address is null)
        {
            return !_hasRules;
        }

        return _everybody.Contains(address) || (app is null ? _someApp : _apps.GetValueOrDefault(app, IpSet.None)).Contains(address);
    }

    /// <summary>The rule by which an address that is not admitted is refused. For the log; reads the list entry by entry.</summary>
    internal string RuleAgainst(IPAddress? address)
    {
        if (address is null)
        {
            return "an unknown address";
        }

        var single = IpNetworkEntry.Of(address);
        for (var i = 0; i < _deny.Length; i++)
        {
            if (_deny[i].Contains(single))
            {
                return $"Deny {_denyEntries[i]}";
            }
        }

        return "no entry in Allow";
    }

    private static IpNetworkEntry[] Read(IReadOnlyList<string> entries)
        => [.. entries.Select(static entry => IpNetworkEntry.Read(entry, out var network) is { } refusal ? throw new FormatException(refusal) : network)];
}
