using System.Buffers;

namespace Gateway.Configuration.Validation;

/// <summary>Rules of HTTP for names and methods.</summary>
internal static class HttpToken
{
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly string[] Standard = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    private static readonly string[] Refused = ["CONNECT", "TRACE"];

    /// <summary>Whether a text is a token (RFC 9110 §5.6.2).</summary>
    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Token);

    /// <summary>Whether a text may be the value of a header: no control character except the tab.</summary>
    public static bool IsHeaderValue(string text) => !text.Any(static c => char.IsControl(c) && c != '\t');

    /// <summary>Why a method cannot be used, with the fix; null when it can.</summary>
    public static string? RefuseMethod(string method)
    {
        if (!IsToken(method))
        {
            return $"{Show.Value(method)} is not an HTTP method. Write letters without blanks, such as GET.";
        }

        if (Refused.Contains(method, StringComparer.OrdinalIgnoreCase))
        {
            return $"{method} is never forwarded. Take it out.";
        }

        return Standard.FirstOrDefault(standard => standard != method && standard.Equals(method, StringComparison.OrdinalIgnoreCase)) is { } meant
            ? $"'{method}' is not {meant}: methods compare with case. Write {meant}."
            : null;
    }
}
