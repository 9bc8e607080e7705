using System.Security.Cryptography;
using System.Text;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>The documented string-to-sign once more, written to be read, not to be fast: what the product's is compared with.</summary>
internal static class Oracle
{
    private static readonly string[] FixedLines = ["Accept", "Content-MD5", "Content-Type", "Date"];
    private static readonly string[] NeverListed = [.. FixedLines, "X-Ca-Signature", "X-Ca-Signature-Headers"];

    public static string StringToSign(TestRequest request, bool isPathDecoded = false, bool isQueryFirst = false, string? list = null)
    {
        var names = (list ?? request.Header("X-Ca-Signature-Headers") ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(static name => !NeverListed.Contains(name, StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal);
        var path = request.Target.Split('?')[0];
        return request.Method + "\n"
            + string.Concat(FixedLines.Select(name => request.Header(name) + "\n"))
            + string.Concat(names.Select(name => $"{name}:{request.Header(name)}\n"))
            + (isPathDecoded ? DecodePath(path) : path)
            + Parameters(request, isQueryFirst);
    }

    public static string Sign(string stringToSign, string secret, bool isSha1 = false)
    {
        byte[] key = Encoding.UTF8.GetBytes(secret), text = Encoding.UTF8.GetBytes(stringToSign);
#pragma warning disable CA5350 // What old clients use.
        return Convert.ToBase64String(isSha1 ? HMACSHA1.HashData(key, text) : HMACSHA256.HashData(key, text));
#pragma warning restore CA5350
    }

    private static string Parameters(TestRequest request, bool isQueryFirst)
    {
        var query = request.Target.Contains('?', StringComparison.Ordinal) ? Split(request.Target[(request.Target.IndexOf('?', StringComparison.Ordinal) + 1)..]) : [];
        var isForm = request.Body.Length > 0
            && request.Header("Content-Type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;
        var form = isForm ? Split(Encoding.Latin1.GetString(request.Body)) : [];
        var first = (isQueryFirst ? query.Concat(form) : form.Concat(query)).GroupBy(static pair => pair.Name).Select(static same => same.First());
        var texts = first.OrderBy(static pair => pair.Name, StringComparer.Ordinal).Select(static pair => pair.Value.Length == 0 ? pair.Name : $"{pair.Name}={pair.Value}").ToArray();
        return texts.Length == 0 ? "" : "?" + string.Join('&', texts);
    }

    private static IEnumerable<(string Name, string Value)> Split(string text)
        => text.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(static pair => pair.Split('=', 2))
            .Select(static parts => (Decode(parts[0]), parts.Length == 2 ? Decode(parts[1]) : ""))
            .Where(static pair => pair != ("", ""));

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string DecodePath(string path)
        => Uri.UnescapeDataString(path
            .Replace("%25", "%2525", StringComparison.Ordinal)
            .Replace("%2F", "%252F", StringComparison.Ordinal)
            .Replace("%2f", "%252f", StringComparison.Ordinal)
            .Replace("%3F", "%253F", StringComparison.Ordinal)
            .Replace("%3f", "%253f", StringComparison.Ordinal));
}
