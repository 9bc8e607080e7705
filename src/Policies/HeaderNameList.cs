using System.Buffers;

namespace Gateway.Policies;

/// <summary>Lists of header names, as clients send them in a header.</summary>
internal static class HeaderNameList
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ, \t");

    /// <summary>Whether a text holds only what tokens (RFC 9110 §5.6.2), commas and blanks are made of.</summary>
    public static bool IsOne(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Characters);
}
