using System.Security.Cryptography;
using System.Text;

namespace Gateway.Backends.Tests.Signing;

/// <summary>The signature as a service would recompute it from what arrived: written from the documentation, for clearness only.</summary>
internal static class Acs3Oracle
{
    public static string Sign(string secret, string canonicalRequest)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)));
        var toSign = Encoding.UTF8.GetBytes($"ACS3-HMAC-SHA256\n{hash}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), toSign));
    }

    public static string CanonicalRequest(
        string method, string rawTarget, IEnumerable<(string Name, string Value)> headers, string payloadHash)
    {
        var parts = rawTarget.Split('?', 2);
        var ordered = headers
            .GroupBy(header => header.Name.ToLowerInvariant(), header => header.Value.Trim())
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, Value: string.Join(",", group.Order(StringComparer.Ordinal))))
            .ToList();
        return string.Join(
            "\n",
            method,
            CanonicalPath(parts[0]),
            CanonicalQuery(parts.Length == 2 ? parts[1] : ""),
            string.Concat(ordered.Select(header => $"{header.Key}:{header.Value}\n")),
            string.Join(";", ordered.Select(header => header.Key)),
            payloadHash);
    }

    public static string CanonicalPath(string path)
        => path.Length == 0
            ? "/"
            : string.Join("/", path.Split('/').Select(segment => Uri.EscapeDataString(Uri.UnescapeDataString(segment))));

    public static string CanonicalQuery(string query)
        => string.Join("&", query
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Decode(pair[0]), Value: pair.Length == 2 ? Decode(pair[1]) : ""))
            .DistinctBy(pair => pair.Name)
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}"));

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
