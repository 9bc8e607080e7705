using Gateway.Contracts;

namespace Gateway.Routing;

/// <summary>Refuses paths that a backend might read differently from the gateway.</summary>
internal static class PathRules
{
    /// <summary>Checks a path as it stood on the wire.</summary>
    /// <param name="path">The path, beginning with a slash.</param>
    /// <param name="hasEncodedSlash">True when it holds <c>%2F</c>, which only an API with <c>AllowEncodedSlash</c> takes.</param>
    /// <returns>Why it is refused, for the client; null when it is not.</returns>
    public static string? FindProblem(ReadOnlySpan<char> path, out bool hasEncodedSlash)
    {
        hasEncodedSlash = false;
        var hasEscape = false;
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (c == '/')
            {
                if (i > 0 && path[i - 1] == '/')
                {
                    return "doubled slash";
                }
            }
            else if (c == '%')
            {
                hasEscape = true;
                var value = PercentEncoding.HexByte(path, i + 1);
                switch (value)
                {
                    case < 0:
                        return "broken percent-encoding";
                    case '/':
                        hasEncodedSlash = true;
                        break;
                    case '\\':
                        return "encoded backslash";
                    case < 0x20 or 0x7f:
                        return "encoded control character";
                }
            }
            else if (c is <= ' ' or '\\' or '#' or >= '\x7f')
            {
                return c switch
                {
                    '\\' => "backslash",
                    '#' => "fragment",
                    < ' ' or '\x7f' => "control character",
                    _ => "characters that must be percent-encoded",
                };
            }
        }

        return hasEscape || path.Contains('.') ? FindSegmentProblem(path) : null;
    }

    /// <summary>Dot segments in every spelling, and escapes that are not UTF-8.</summary>
    private static string? FindSegmentProblem(ReadOnlySpan<char> path)
    {
        foreach (var range in path[1..].Split('/'))
        {
            var segment = path[1..][range];
            if (!segment.Contains('%'))
            {
                if (IsDots(segment))
                {
                    return "dot segment";
                }

                continue;
            }

            if (!PercentEncoding.TryDecode(segment, plusIsSpace: false, out var once))
            {
                return "escapes that are not UTF-8";
            }

            // A backend that decodes twice, or takes an encoded slash for a separator, must not find a dot segment either.
            if (HoldsDots(once) || (once.Contains('%', StringComparison.Ordinal) && HoldsDots(DecodeAgain(once))))
            {
                return "encoded dot segment";
            }
        }

        return null;
    }

    /// <summary>The characters that matter, decoded a second time, whatever else is broken beside them.</summary>
    private static string DecodeAgain(string once) => once
        .Replace("%2e", ".", StringComparison.OrdinalIgnoreCase)
        .Replace("%2f", "/", StringComparison.OrdinalIgnoreCase)
        .Replace("%5c", "\\", StringComparison.OrdinalIgnoreCase)
        .Replace("%3b", ";", StringComparison.OrdinalIgnoreCase);

    private static bool HoldsDots(ReadOnlySpan<char> decoded)
    {
        foreach (var range in decoded.SplitAny('/', '\\'))
        {
            if (IsDots(decoded[range]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>.</c> or <c>..</c>, also before path parameters (<c>..;x</c>), which some backends cut off.</summary>
    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        var semicolon = segment.IndexOf(';');
        var name = semicolon < 0 ? segment : segment[..semicolon];
        return name is "." or "..";
    }
}
