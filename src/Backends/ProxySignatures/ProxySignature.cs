using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts;

namespace Gateway.Backends.ProxySignatures;

/// <summary>The signature over what a backend gets: HMAC-SHA256 over method, Content-MD5, some headers, path and parameters, in Base64.</summary>
/// <remarks>
/// As the cloud gateway's backend signature plug-in writes it and its published verifiers check it. Other than in the signature of
/// clients, an empty parameter keeps its equals sign, absent headers are left out, and header names are in lower case.
/// </remarks>
internal static class ProxySignature
{
    /// <summary>Carries the signature.</summary>
    public const string Header = "X-Ca-Proxy-Signature";

    /// <summary>Carries the names of the signed headers, joined by commas.</summary>
    public const string HeadersHeader = "X-Ca-Proxy-Signature-Headers";

    /// <summary>Carries the name of the key.</summary>
    public const string KeyHeader = "X-Ca-Proxy-Signature-Secret-Key";

    /// <summary>The signature of a text.</summary>
    public static string Sign(string stringToSign, ReadOnlySpan<byte> secret)
        => Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(stringToSign)));

    /// <summary>The text that is signed.</summary>
    /// <param name="request">The request as it goes out.</param>
    /// <param name="signedHeaders">Names of headers, in ordinal order; those that the request has not are left out.</param>
    /// <param name="form">The body, when it is a form; else null. A form's Content-MD5 is not signed.</param>
    public static string StringToSign(HttpRequestMessage request, ImmutableArray<string> signedHeaders, string? form)
    {
        var text = new StringBuilder(256).Append(request.Method.Method).Append('\n');
        if (form is null && request.Content?.Headers.NonValidated.TryGetValues("Content-MD5", out var md5) is true)
        {
            text.Append(CultureInfo.InvariantCulture, $"{md5}");
        }

        text.Append('\n');
        foreach (var name in signedHeaders)
        {
            if (request.Headers.NonValidated.TryGetValues(name, out var values))
            {
                text.Append(name.ToLowerInvariant()).Append(':').Append(CultureInfo.InvariantCulture, $"{values}").Append('\n');
            }
        }

        var target = request.RequestUri!.PathAndQuery;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        text.Append(target.AsSpan(0, mark < 0 ? target.Length : mark));
        AppendParameters(text, mark < 0 ? "" : target[(mark + 1)..], form ?? "");
        return text.ToString();
    }

    /// <summary>Decoded names and values in ordinal order of the names; of a repeated name the first value, the query's before the form's.</summary>
    private static void AppendParameters(StringBuilder text, string query, string form)
    {
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Collect(query, parameters);
        Collect(form, parameters);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            text.Append(separator).Append(name).Append('=').Append(value);
            separator = '&';
        }
    }

    private static void Collect(ReadOnlySpan<char> fields, SortedDictionary<string, string> parameters)
    {
        foreach (var range in fields.Split('&'))
        {
            var field = fields[range];
            var equals = field.IndexOf('=');
            var name = Decode(equals < 0 ? field : field[..equals]);
            if (name.Length > 0)
            {
                parameters.TryAdd(name, equals < 0 ? "" : Decode(field[(equals + 1)..]));
            }
        }
    }

    /// <summary>Text that cannot be decoded stays as it is.</summary>
    private static string Decode(ReadOnlySpan<char> text)
        => PercentEncoding.TryDecode(text, plusIsSpace: true, out var decoded) ? decoded : text.ToString();
}
