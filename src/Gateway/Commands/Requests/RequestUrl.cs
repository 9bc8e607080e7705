using System.Diagnostics.CodeAnalysis;

namespace Gateway.Commands.Requests;

/// <summary>A URL cut into what goes on the wire, nothing decoded and nothing normalised: <see cref="Uri"/> would resolve dots and escapes.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Authority">Host, with the port where there is one.</param>
/// <param name="Target">Path and query; the fragment is not sent.</param>
internal sealed record RequestUrl(string Scheme, string Authority, string Target)
{
    /// <summary>Cuts a URL; without a scheme it is <c>http</c>, as for curl.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RequestUrl? url, [NotNullWhen(false)] out string? problem)
    {
        url = null;
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        var hasScheme = separator >= 0 && !text.AsSpan(0, separator).ContainsAny('/', '?');
        var scheme = hasScheme ? text[..separator].ToLowerInvariant() : "http";
        var rest = hasScheme ? text.AsSpan(separator + 3) : text;
        var end = rest.IndexOfAny('/', '?', '#');
        var authority = (end < 0 ? rest : rest[..end]).ToString();
        problem = scheme is not ("http" or "https") ? $"'{scheme}' is not a scheme the gateway serves; write http or https"
            : authority.Length == 0 ? $"'{text}' names no host; write http://localhost:8080/path"
            : authority.Contains('@', StringComparison.Ordinal) ? "a URL with a user is a header in disguise; write -H 'Authorization: …'"
            : null;
        if (problem is not null)
        {
            return false;
        }

        var target = end < 0 ? default : rest[end..];
        var fragment = target.IndexOf('#');
        target = fragment < 0 ? target : target[..fragment];
        url = new RequestUrl(scheme, authority, target is ['/', ..] ? target.ToString() : string.Concat("/", target));
        return true;
    }
}
