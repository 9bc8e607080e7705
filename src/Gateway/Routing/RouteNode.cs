using Gateway.Contracts;

namespace Gateway.Routing;

/// <summary>One segment's place in the tree of API paths. Built once per configuration, then only read.</summary>
internal sealed class RouteNode
{
    private readonly Dictionary<string, RouteNode> _literals = new(StringComparer.Ordinal);
    private RouteNode? _parameter;
    private RouteNode? _tail;
    private (string Method, Api Api)[] _methods = [];
    private Api? _any;

    /// <summary>Adds an API below this node.</summary>
    /// <param name="api">The API.</param>
    /// <param name="index">Index of the next segment of its path.</param>
    public void Add(Api api, int index = 0)
    {
        if (index == api.Path.Segments.Length)
        {
            AddMethods(api);
            return;
        }

        var segment = api.Path.Segments[index];
        var child = segment.Kind switch
        {
            PathSegmentKind.Parameter => _parameter ??= new RouteNode(),
            PathSegmentKind.Tail => _tail ??= new RouteNode(),
            _ => _literals.TryGetValue(segment.Text, out var known) ? known : _literals[segment.Text] = new RouteNode(),
        };
        child.Add(api, index + 1);
    }

    /// <summary>Finds the best API: literal before <c>[name]</c> before <c>*</c>, segment by segment, going back where the method does not fit.</summary>
    /// <param name="rest">The path as sent, from behind a slash on.</param>
    /// <param name="method">The method.</param>
    /// <remarks>Each node is visited at most once a request, and never deeper than the deepest template.</remarks>
    public Api? Find(ReadOnlySpan<char> rest, string method)
    {
        var slash = rest.IndexOf('/');
        var segment = slash < 0 ? rest : rest[..slash];

        var found = Literal(segment)?.Continue(rest, slash, method);
        if (found is null && segment.Length > 0)
        {
            found = _parameter?.Continue(rest, slash, method);
        }

        return found ?? _tail?.Choose(method);
    }

    private Api? Continue(ReadOnlySpan<char> rest, int slash, string method) => slash < 0 ? Choose(method) : Find(rest[(slash + 1)..], method);

    private Api? Choose(string method)
    {
        foreach (var (name, api) in _methods)
        {
            if (name == method)
            {
                return api;
            }
        }

        return _any;
    }

    private RouteNode? Literal(ReadOnlySpan<char> segment)
    {
        if (_literals.Count == 0)
        {
            return null;
        }

        if (segment.Contains('%'))
        {
            // %61dmin is admin. The target was checked before, so it decodes.
            return PercentEncoding.TryDecodeSegment(segment, out var decoded) ? _literals.GetValueOrDefault(decoded) : null;
        }

        return _literals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(segment, out var node) ? node : null;
    }

    private void AddMethods(Api api)
    {
        foreach (var method in api.Methods)
        {
            if (method == RouteTable.AnyMethod)
            {
                _any = api;
            }
            else
            {
                _methods = [.. _methods, (method, api)];
            }
        }
    }
}
