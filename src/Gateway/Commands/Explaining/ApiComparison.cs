using Gateway.Configuration;
using Gateway.Contracts;
using Gateway.Routing;

namespace Gateway.Commands.Explaining;

/// <summary>An API that was not chosen, and why.</summary>
/// <param name="Id">Group and API.</param>
/// <param name="Reason">One sentence without its full stop.</param>
/// <param name="Closeness">The higher, the closer it came.</param>
internal sealed record NearMiss(string Id, string Reason, int Closeness);

/// <summary>Why the APIs that come close to a request are not the one that answers it.</summary>
internal sealed class ApiComparison(GatewayConfiguration configuration, string host, string method, string path)
{
    private const int Most = 5;
    private const int MostStrangers = 2;

    // How close an API came: all but its method, or its being enabled, fits; a slip of the pen; another host; else the segments that fit.
    private const int PathFits = 1000;
    private const int Slip = 900;
    private const int OtherHost = 800;
    private readonly string[] _segments = path[1..].Split('/');

    /// <summary>The closest APIs but the chosen one, closest first.</summary>
    /// <param name="chosen">Id of the API that was matched; null for none.</param>
    public IReadOnlyList<NearMiss> Find(string? chosen)
    {
        var all = (from @group in configuration.Options.Groups
                   from api in @group.Value.Apis
                   where $"{@group.Key}/{api.Key}" != chosen
                   select Compare($"{@group.Key}/{api.Key}", @group.Value, api.Value, chosen)).OrderByDescending(static miss => miss.Closeness).ToArray();
        NearMiss[] near = [.. all.Where(static miss => miss.Closeness > 0).Take(Most)];
        return near.Length == 0 && chosen is null ? [.. all.Take(MostStrangers)] : near; // Where nothing comes close, some show what there is.
    }

    /// <summary>Why one API does not take the request; null when it does.</summary>
    /// <param name="id">Group and name.</param>
    public string? Refuse(string id)
    {
        var names = id.Split('/');
        var group = configuration.Options.Groups[names[0]];
        var miss = Compare(id, group, group.Apis[names[1]], chosen: null);
        return miss.Closeness == int.MaxValue ? null : miss.Reason;
    }

    private NearMiss Compare(string id, GroupOptions group, ApiOptions api, string? chosen)
    {
        var text = ApiPath.Join(group.BasePath, api.Path!);
        _ = PathTemplate.TryParse(text, out var template, out _); // The configuration is valid.
        var pathProblem = RefusePath(template!, text, out var matched);
        var hostProblem = group.Hosts.Count == 0 || group.Hosts.Any(TakesHost) ? null
            : $"host '{WithoutPort(host)}' is none of its hosts ({string.Join(", ", group.Hosts)})";
        var methodProblem = TakesMethod(api) ? null : $"it takes {string.Join(", ", api.Methods)}, not {method}";
        string?[] problems = [api.Enabled ? null : "it is disabled here (Enabled)", hostProblem, pathProblem, methodProblem];
        string[] reasons = [.. problems.OfType<string>()];
        if (reasons.Length == 0)
        {
            return new NearMiss(id, $"{text} fits too, but {chosen ?? "another API"} fits better", int.MaxValue);
        }

        var closeness = pathProblem is null ? (hostProblem is null ? PathFits : OtherHost) - reasons.Length
            : matched == Slip ? Slip
            : matched - (group.BasePath == "/" ? 0 : group.BasePath.Count('/')); // That the base path fits says nothing about the API.
        return new NearMiss(id, string.Join("; ", pathProblem is null ? reasons : [pathProblem]), closeness);
    }

    /// <summary>Why the path does not fit, and how many of its first segments do, or <see cref="Slip"/>.</summary>
    private string? RefusePath(PathTemplate template, string text, out int matched)
    {
        for (matched = 0; matched < template.Segments.Length; matched++)
        {
            var (kind, literal) = template.Segments[matched];
            if (matched >= _segments.Length)
            {
                matched = kind == PathSegmentKind.Tail ? Slip : matched;
                return kind == PathSegmentKind.Tail
                    ? $"{text} begins behind a slash: '{path}/' would fit, '{path}' does not"
                    : $"{text} goes on with '{(kind == PathSegmentKind.Literal ? literal : $"[{literal}]")}'";
            }

            if (kind == PathSegmentKind.Tail)
            {
                return null;
            }

            var segment = PercentEncoding.TryDecodeSegment(_segments[matched], out var decoded) ? decoded : _segments[matched];
            if (kind == PathSegmentKind.Parameter ? segment.Length == 0 : segment != literal)
            {
                return Mismatch(segment, kind, literal, text, ref matched);
            }
        }

        if (matched == _segments.Length)
        {
            return null;
        }

        if (matched == _segments.Length - 1 && _segments[matched].Length == 0)
        {
            matched = Slip;
            return $"{text} has no slash at the end, and a trailing slash counts";
        }

        return $"{text} ends before '{string.Join('/', _segments[matched..])}'";
    }

    private static string Mismatch(string segment, PathSegmentKind kind, string literal, string text, ref int matched)
    {
        var number = matched + 1;
        if (kind == PathSegmentKind.Parameter)
        {
            return $"{text} needs a value for [{literal}], and segment {number} is empty";
        }

        if (segment.Equals(literal, StringComparison.OrdinalIgnoreCase))
        {
            matched = Slip;
            return $"{text} wants '{literal}' as segment {number}, not '{segment}': case counts";
        }

        return literal.Length == 0 ? $"{text} is that path alone" : $"{text} wants '{literal}' as segment {number}, not '{segment}'";
    }

    private bool TakesMethod(ApiOptions api) => api.Methods.Any(name => name == method || name == RouteTable.AnyMethod);

    private bool TakesHost(string pattern)
        => pattern.StartsWith("*.", StringComparison.Ordinal)
            ? WithoutPort(host).EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
            : WithoutPort(host).Equals(pattern, StringComparison.OrdinalIgnoreCase);

    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host[colon..].Contains(']') ? host : host[..colon];
    }
}
