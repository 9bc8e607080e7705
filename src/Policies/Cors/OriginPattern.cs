using System.Buffers;
using System.Globalization;
using System.Net;

namespace Gateway.Policies.Cors;

/// <summary>An entry of <c>AllowOrigins</c>: one origin, or with <c>*.</c> before its host all origins whose host ends so.</summary>
/// <remarks>Browsers send origins in one spelling only: lower case, no default port, nothing behind the port (RFC 6454 §6.2).</remarks>
internal sealed class OriginPattern
{
    private const string Wildcard = "*.";
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private readonly string _prefix;

    private OriginPattern(string prefix, string text, bool isWildcard)
    {
        _prefix = prefix;
        Text = text;
        IsWildcard = isWildcard;
    }

    /// <summary>The origin as browsers send it; with a wildcard what follows the star: a dot, the host's end and the port, if any.</summary>
    public string Text { get; }

    /// <summary>True when the pattern stands for all hosts below one.</summary>
    public bool IsWildcard { get; }

    /// <summary>Reads an entry other than <c>*</c>.</summary>
    /// <param name="text">The entry as written.</param>
    /// <param name="pattern">The pattern, when there is nothing wrong with it.</param>
    /// <returns>What is wrong and how to mend it, for the operator; null when nothing is.</returns>
    public static string? TryParse(string text, out OriginPattern? pattern)
    {
        pattern = null;
        var schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        if (text == "null")
        {
            return "'null' is the origin of any sandboxed page and of files; only * takes it";
        }

        if (schemeEnd <= 0)
        {
            return $"'{text}' needs a scheme, as in https://{text}";
        }

        var scheme = text[..schemeEnd].ToLowerInvariant();
        var authority = text[(schemeEnd + 3)..].ToLowerInvariant();
        if (!Uri.CheckSchemeName(scheme))
        {
            return $"'{text}' has no valid scheme; write https://app.example.com";
        }

        if (authority.AsSpan().IndexOfAny('/', '?', '#') is >= 0 and var end)
        {
            return $"'{text}' must end behind host or port: {scheme}://{authority[..end]}";
        }

        var isWildcard = authority.StartsWith(Wildcard, StringComparison.Ordinal);
        var (host, port) = SplitPort(isWildcard ? authority[Wildcard.Length..] : authority);
        if (!(IsName(host) || (!isWildcard && IsAddress(host))))
        {
            return $"'{text}' has no valid host; write https://app.example.com, or https://*.example.com for every host below example.com";
        }

        if (port is not null && !(ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
        {
            return $"'{text}' has no valid port; write a number from 1 to 65535, or none";
        }

        var rest = port is null || IsDefaultPort(scheme, port) ? host : $"{host}:{ushort.Parse(port, CultureInfo.InvariantCulture)}";
        pattern = isWildcard
            ? new OriginPattern($"{scheme}://", $".{rest}", isWildcard: true)
            : new OriginPattern("", $"{scheme}://{rest}", isWildcard: false);
        return null;
    }

    /// <summary>Whether an origin matches. With a wildcard its host has at least one label more than the pattern.</summary>
    public bool Matches(ReadOnlySpan<char> origin)
    {
        if (!IsWildcard)
        {
            return origin.Equals(Text, StringComparison.OrdinalIgnoreCase);
        }

        // Only characters of a host may stand for the star: https://evil.example/.foo.com is not below foo.com.
        return origin.Length > _prefix.Length + Text.Length
            && origin.StartsWith(_prefix, StringComparison.OrdinalIgnoreCase)
            && origin.EndsWith(Text, StringComparison.OrdinalIgnoreCase)
            && IsName(origin[_prefix.Length..^Text.Length]);
    }

    private static (string Host, string? Port) SplitPort(string authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon < 0 || authority[colon..].Contains(']', StringComparison.Ordinal) ? (authority, null) : (authority[..colon], authority[(colon + 1)..]);
    }

    private static bool IsName(ReadOnlySpan<char> host)
        => !host.IsEmpty && host[0] != '.' && host[^1] != '.' && !host.ContainsAnyExcept(HostCharacters) && !host.Contains("..", StringComparison.Ordinal);

    private static bool IsAddress(string host) => host is ['[', .., ']'] && IPAddress.TryParse(host, out var _);

    private static bool IsDefaultPort(string scheme, string port) => (scheme, port) is ("https", "443") or ("http", "80");
}
