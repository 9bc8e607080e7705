namespace Gateway.Contracts;

/// <summary>The request target as it stood on the wire, cut into path and query without decoding anything.</summary>
/// <remarks>
/// The raw target is the truth: ASP.NET Core's <c>Request.Path</c> is decoded and has its dot segments resolved, so a policy that looked
/// at it and a backend that got the raw one would see different paths.
/// </remarks>
public readonly struct RequestTarget
{
    private readonly string? _raw;
    private readonly int _pathStart;
    private readonly int _pathEnd;

    private RequestTarget(string raw, int pathStart, int pathEnd)
    {
        _raw = raw;
        _pathStart = pathStart;
        _pathEnd = pathEnd;
    }

    /// <summary>The path, percent-encoding as sent, beginning with a slash.</summary>
    public ReadOnlySpan<char> Path => _pathStart == _pathEnd ? "/" : _raw.AsSpan(_pathStart, _pathEnd - _pathStart);

    /// <summary>The query with its question mark, as sent; empty when there is none.</summary>
    public ReadOnlySpan<char> QueryWithMark => _raw is null ? default : _raw.AsSpan(_pathEnd);

    /// <summary>The query without its question mark, as sent; empty when there is none.</summary>
    public ReadOnlySpan<char> Query => QueryWithMark is { IsEmpty: false } query ? query[1..] : default;

    /// <summary>Cuts a target. Absolute form loses scheme and authority; asterisk and authority form, and a fragment before the path, are refused.</summary>
    /// <param name="raw">The target as sent, e.g. <c>/a%2Fb?c=d</c>.</param>
    /// <param name="target">The parts.</param>
    public static bool TryParse(string raw, out RequestTarget target)
    {
        target = default;
        var start = 0;
        if (raw.Length == 0 || raw[0] != '/')
        {
            var scheme = raw.IndexOf("://", StringComparison.Ordinal);
            if (scheme <= 0 || raw.AsSpan(0, scheme).ContainsAny('/', '?'))
            {
                return false;
            }

            var authority = scheme + 3;
            var length = raw.AsSpan(authority).IndexOfAny('/', '?');
            start = length < 0 ? raw.Length : authority + length;
            if (raw.AsSpan(authority, start - authority).Contains('#'))
            {
                return false; // To other readers http://host#/a has the path / and a fragment.
            }
        }

        var query = raw.AsSpan(start).IndexOf('?');
        target = new RequestTarget(raw, start, query < 0 ? raw.Length : start + query);
        return true;
    }
}
