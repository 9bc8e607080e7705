using System.Globalization;

namespace Gateway.Backends.Signing;

/// <summary>Headers that carry a signature, and how they are set.</summary>
internal static class AcsHeaders
{
    public const string Action = "x-acs-action";
    public const string Authorization = "Authorization";
    public const string ContentSha256 = "x-acs-content-sha256";
    public const string ContentType = "content-type";
    public const string Date = "x-acs-date";
    public const string Host = "host";
    public const string SecurityToken = "x-acs-security-token";
    public const string SignatureNonce = "x-acs-signature-nonce";
    public const string Version = "x-acs-version";

    /// <summary>Sets a header to one value, whatever a client or an earlier attempt put there.</summary>
    public static void SetHeader(this HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }

    /// <summary>The value of <c>x-acs-date</c>: UTC to the second, e.g. <c>2026-01-02T03:04:05Z</c>.</summary>
    public static string FormatDate(DateTimeOffset now)
        => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
