using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Authentication;

/// <summary>The string-to-sign of a request by the documented rule, and its signature.</summary>
public static class RequestSigner
{
    private static readonly string[] NeverSigned = ["X-Ca-Signature", "X-Ca-Signature-Headers", "Accept", "Content-MD5", "Content-Type", "Date"];

    /// <summary>The string-to-sign.</summary>
    /// <param name="context">The request, its target in <see cref="GatewayFeature"/>.</param>
    /// <param name="form">Body of a form; empty for every other body.</param>
    public static string StringToSign(HttpContext context, ReadOnlySpan<byte> form)
    {
        var headers = context.Request.Headers;
        var text = new StringBuilder(context.Request.Method).Append('\n');
        foreach (var name in new[] { "Accept", "Content-MD5", "Content-Type", "Date" })
        {
            text.Append(First(headers[name])).Append('\n');
        }

        var listed = headers["X-Ca-Signature-Headers"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(static name => !NeverSigned.Contains(name, StringComparer.OrdinalIgnoreCase));
        foreach (var name in listed.Order(StringComparer.Ordinal))
        {
            text.Append(name).Append(':').Append(First(headers[name])).Append('\n');
        }

        var target = context.Gateway().Target;
        text.Append(target.Path);
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(parameters, Encoding.UTF8.GetString(form));
        Add(parameters, target.Query.ToString());
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            text.Append(separator).Append(name);
            if (value.Length > 0)
            {
                text.Append('=').Append(value);
            }

            separator = '&';
        }

        return text.ToString();
    }

    /// <summary>The signature of a string-to-sign: Base64 of the HMAC over its UTF-8 bytes.</summary>
    public static string Sign(string stringToSign, string secret, SignatureMethod method)
    {
        byte[] key = Encoding.UTF8.GetBytes(secret), data = Encoding.UTF8.GetBytes(stringToSign);
#pragma warning disable CA5350 // Old clients sign with SHA-1, which as a MAC is not broken.
        return Convert.ToBase64String(method == SignatureMethod.HmacSHA1 ? HMACSHA1.HashData(key, data) : HMACSHA256.HashData(key, data));
#pragma warning restore CA5350
    }

    private static string First(StringValues values) => values.Count == 0 ? "" : values[0]!;

    private static void Add(SortedDictionary<string, string> parameters, string text)
    {
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=');
            var (name, value) = equals < 0 ? (pair, "") : (pair[..equals], pair[(equals + 1)..]);
            parameters.TryAdd(Decode(name), Decode(value));
        }
    }

    private static string Decode(string text) => PercentEncoding.TryDecode(text, plusIsSpace: true, out var decoded) ? decoded : text;
}
