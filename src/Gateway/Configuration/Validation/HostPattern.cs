using System.Net;
using System.Net.Sockets;

namespace Gateway.Configuration.Validation;

/// <summary>The hosts of a group: exact, or <c>*.suffix</c> for everything below a domain.</summary>
internal static class HostPattern
{
    private const string Wildcard = "*.";
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    /// <summary>Why a text is not a host pattern, with the fix; null when it is one.</summary>
    public static string? Refuse(string host)
    {
        if (host == "*")
        {
            return "'*' is not a host. Leave Hosts empty to take any host.";
        }

        if (host.Any(static c => !char.IsAscii(c)))
        {
            return $"{Show.Value(host)} is not ASCII. Write the name as it is sent, in its xn-- form.";
        }

        if (host.Contains("://", StringComparison.Ordinal) || host.Contains('/'))
        {
            return $"{Show.Value(host)} is a URL. Write the host alone, such as api.example.com.";
        }

        if (IsIPv6(host))
        {
            return null;
        }

        var name = host.StartsWith(Wildcard, StringComparison.Ordinal) ? host[Wildcard.Length..] : host;
        return name.Contains(':') ? $"{Show.Value(host)} has a port, and ports are ignored. Write the host alone."
            : name.Contains('*') ? $"{Show.Value(host)} has a * in the wrong place. Write *.example.com, which takes every host below example.com."
            : !IsName(name) ? $"{Show.Value(host)} is not a host. Write a name such as api.example.com, without a dot at its end."
            : null;
    }

    /// <summary>Whether some host fits both patterns. Both must be valid.</summary>
    public static bool Overlaps(string a, string b)
        => a.Equals(b, StringComparison.OrdinalIgnoreCase) || Covers(a, b) || Covers(b, a);

    private static bool Covers(string pattern, string host)
        => pattern.StartsWith(Wildcard, StringComparison.Ordinal) && host.Length > pattern.Length - 1
            && host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase);

    private static bool IsIPv6(string host)
        => host.StartsWith('[') && host.EndsWith(']')
            && IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool IsName(string name)
        => name.Length is > 0 and <= LongestName
            && name.Split('.').All(static label => label.Length is > 0 and <= LongestLabel
                && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
                && label[0] != '-' && label[^1] != '-');
}
