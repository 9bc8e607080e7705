using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Cors;

/// <summary>A compiled <c>Cors</c> policy. Immutable.</summary>
public sealed class CorsPolicy
{
    private const string Any = "*";

    /// <summary>Longest list of header names that is given back to a preflight, in characters.</summary>
    private const int LongestEcho = 4096;

    private readonly bool _allowsAnyOrigin;
    private readonly FrozenSet<string> _origins;
    private readonly ImmutableArray<OriginPattern> _patterns;
    private readonly string _methods;
    private readonly string? _headers;
    private readonly string? _exposed;
    private readonly bool _allowsCredentials;
    private readonly string _maxAge;

    private CorsPolicy(CorsOptions options)
    {
        OriginPattern[] patterns = [.. options.AllowOrigins.Where(static text => text != Any).Select(Parse)];
        _allowsAnyOrigin = options.AllowOrigins.Contains(Any);
        _origins = patterns.Where(static pattern => !pattern.IsWildcard).Select(static pattern => pattern.Text).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _patterns = [.. patterns.Where(static pattern => pattern.IsWildcard)];
        _methods = string.Join(", ", options.AllowMethods);
        _headers = options.AllowHeaders.Contains(Any) ? null : string.Join(", ", options.AllowHeaders);
        _exposed = options.ExposeHeaders.Count == 0 ? null : string.Join(", ", options.ExposeHeaders);
        _allowsCredentials = options.AllowCredentials;
        _maxAge = ((long)options.MaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>True when one origin gets another answer than the next, so that caches must keep them apart.</summary>
    internal bool VariesByOrigin => !_allowsAnyOrigin || _allowsCredentials;

    /// <summary>Compiles a policy.</summary>
    /// <param name="options">The options, already validated.</param>
    public static CorsPolicy Compile(CorsOptions options) => new(options);

    /// <summary>Checks an entry of <c>AllowOrigins</c>.</summary>
    /// <param name="text">The entry as written.</param>
    /// <returns>What is wrong and how to mend it, for the operator; null when nothing is.</returns>
    public static string? RefuseOrigin(string text) => text == Any ? null : OriginPattern.TryParse(text, out var _);

    /// <summary>Whether a request is a browser's question if it may send another one (Fetch standard, CORS-preflight request).</summary>
    /// <param name="request">The request.</param>
    /// <param name="method">The method it asks for.</param>
    public static bool IsPreflight(HttpRequest request, out string method)
    {
        method = "";
        if (!HttpMethods.IsOptions(request.Method) || request.Headers.AccessControlRequestMethod is not [{ Length: > 0 } asked] || StringValues.IsNullOrEmpty(request.Headers.Origin))
        {
            return false;
        }

        method = asked;
        return true;
    }

    /// <summary>Whether pages of an origin may call.</summary>
    /// <param name="origin">Value of <c>Origin</c>; two of them are nobody's.</param>
    internal bool Allows(StringValues origin)
    {
        if (origin is not [{ Length: > 0 } text])
        {
            return false;
        }

        if (_allowsAnyOrigin || _origins.Contains(text))
        {
            return true;
        }

        foreach (var pattern in _patterns)
        {
            if (pattern.Matches(text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sets the headers of the answer to a preflight.</summary>
    /// <param name="headers">Headers of the answer.</param>
    /// <param name="origin">An origin that is allowed.</param>
    /// <param name="asked">Value of <c>Access-Control-Request-Headers</c>.</param>
    internal void WritePreflight(IHeaderDictionary headers, StringValues origin, StringValues asked)
    {
        WriteOrigin(headers, origin);
        headers.AccessControlAllowMethods = _methods;
        headers.AccessControlMaxAge = _maxAge;
        var names = _headers ?? Echo(asked);
        if (names.Length > 0)
        {
            headers.AccessControlAllowHeaders = names;
        }

        if (_headers is null)
        {
            headers.Append(HeaderNames.Vary, HeaderNames.AccessControlRequestHeaders);
        }
    }

    /// <summary>Makes the answer's CORS headers this policy's, whatever the backend says.</summary>
    /// <param name="headers">Headers of the answer.</param>
    /// <param name="origin">Value of <c>Origin</c>; empty when there is none.</param>
    internal void Write(IHeaderDictionary headers, StringValues origin)
    {
        headers.AccessControlAllowOrigin = default;
        headers.AccessControlAllowCredentials = default;
        headers.AccessControlAllowMethods = default;
        headers.AccessControlAllowHeaders = default;
        headers.AccessControlExposeHeaders = default;
        headers.AccessControlMaxAge = default;
        if (Allows(origin))
        {
            WriteOrigin(headers, origin);
            headers.AccessControlExposeHeaders = _exposed;
        }
        else
        {
            WriteVary(headers);
        }
    }

    private void WriteOrigin(IHeaderDictionary headers, StringValues origin)
    {
        headers.AccessControlAllowOrigin = VariesByOrigin ? origin : Any;
        if (_allowsCredentials)
        {
            headers.AccessControlAllowCredentials = "true";
        }

        WriteVary(headers);
    }

    private void WriteVary(IHeaderDictionary headers)
    {
        if (!VariesByOrigin)
        {
            return;
        }

        foreach (var line in headers.Vary)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                if (line.AsSpan()[part].Trim() is var name && (name is Any || name.Equals(HeaderNames.Origin, StringComparison.OrdinalIgnoreCase)))
                {
                    return;
                }
            }
        }

        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
    }

    /// <summary>The header names asked for, as far as they can be header names; none else.</summary>
    private static string Echo(StringValues asked)
    {
        var names = asked.ToString();
        return names.Length <= LongestEcho && HeaderNameList.IsOne(names) ? names : "";
    }

    private static OriginPattern Parse(string text)
        => OriginPattern.TryParse(text, out var pattern) is { } problem ? throw new ArgumentException(problem, nameof(text)) : pattern!;
}
