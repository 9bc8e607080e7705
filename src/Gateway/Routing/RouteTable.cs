namespace Gateway.Routing;

/// <summary>What the matcher found.</summary>
/// <param name="Api">The API; null when none fits.</param>
/// <param name="IsHostKnown">False when no group takes the host at all.</param>
internal readonly record struct ApiMatch(Api? Api, bool IsHostKnown);

/// <summary>Finds the API of a request by host, raw path and method. Immutable.</summary>
/// <remarks>
/// ASP.NET Core's own matcher ignores case, decodes and collapses dot segments, so a policy could be decided on another path than the one a
/// backend gets. This one reads the raw target; each segment is decoded once and compared ordinally, and <c>%2F</c> is never a separator.
/// </remarks>
internal sealed class RouteTable
{
    /// <summary>The method that stands for every other.</summary>
    public const string AnyMethod = "ANY";

    private const string WildcardPrefix = "*.";

    private readonly Dictionary<string, RouteNode> _exactHosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, RouteNode> _hostSuffixes = new(StringComparer.OrdinalIgnoreCase);
    private readonly RouteNode? _anyHost;

    /// <summary>Compiles the APIs.</summary>
    public RouteTable(IEnumerable<Api> apis)
    {
        foreach (var api in apis)
        {
            if (api.Hosts.Count == 0)
            {
                (_anyHost ??= new RouteNode()).Add(api);
            }

            foreach (var host in api.Hosts)
            {
                var isSuffix = host.StartsWith(WildcardPrefix, StringComparison.Ordinal);
                var (hosts, key) = isSuffix ? (_hostSuffixes, host[WildcardPrefix.Length..]) : (_exactHosts, host);
                if (!hosts.TryGetValue(key, out var root))
                {
                    hosts[key] = root = new RouteNode();
                }

                root.Add(api);
            }
        }
    }

    /// <summary>Finds the API: groups whose host is exact, then the longest <c>*.suffix</c>, then groups without hosts.</summary>
    /// <param name="host">Value of <c>Host</c>, with or without a port.</param>
    /// <param name="path">The path as sent.</param>
    /// <param name="method">The method as sent.</param>
    public ApiMatch Match(ReadOnlySpan<char> host, ReadOnlySpan<char> path, string method)
    {
        var rest = path[1..];
        var isHostKnown = _anyHost is not null;
        if (_exactHosts.Count + _hostSuffixes.Count > 0)
        {
            host = WithoutPort(host);
            if (_exactHosts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var root))
            {
                isHostKnown = true;
                if (root.Find(rest, method) is { } found)
                {
                    return new ApiMatch(found, IsHostKnown: true);
                }
            }

            var suffixes = _hostSuffixes.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var dot = host.IndexOf('.'); dot >= 0 && _hostSuffixes.Count > 0; dot = host.IndexOf('.'))
            {
                host = host[(dot + 1)..];
                if (suffixes.TryGetValue(host, out root))
                {
                    isHostKnown = true;
                    if (root.Find(rest, method) is { } found)
                    {
                        return new ApiMatch(found, IsHostKnown: true);
                    }
                }
            }
        }

        return new ApiMatch(_anyHost?.Find(rest, method), isHostKnown);
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host[colon..].Contains(']') ? host : host[..colon];
    }
}
