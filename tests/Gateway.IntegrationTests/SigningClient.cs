using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.IntegrationTests;

/// <summary>A client with a key pair, written after the documentation and without the product's code. Requests have no parameters, forms or <c>Accept</c>.</summary>
internal sealed record SigningClient(string Key, string Secret)
{
    /// <summary>A signed request, as bytes of one character each.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path, without a query.</param>
    /// <param name="nonce">Its nonce; null for a new one.</param>
    /// <param name="at">Its time; null for now.</param>
    /// <param name="body">Its body, of type <c>text/plain</c>; null for none.</param>
    /// <param name="sentBody">The body that is sent, if it is another one of the same length.</param>
    /// <param name="extra">Further lines of the head, each with its line end.</param>
    public string Request(string method, string path, string? nonce = null, DateTimeOffset? at = null, string? body = null, string? sentBody = null, string extra = "")
    {
        nonce ??= Guid.NewGuid().ToString();
        var timestamp = (at ?? TimeProvider.System.GetUtcNow()).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
#pragma warning disable CA5351 // The protocol's digest.
        var md5 = body is null ? "" : Convert.ToBase64String(MD5.HashData(Encoding.Latin1.GetBytes(body)));
#pragma warning restore CA5351
        var type = body is null ? "" : "text/plain";
        var text = $"{method}\n\n{md5}\n{type}\n\nX-Ca-Key:{Key}\nX-Ca-Nonce:{nonce}\nX-Ca-Timestamp:{timestamp}\n{path}";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text)));
        var content = body is null ? "" : $"Content-MD5: {md5}\r\nContent-Type: {type}\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n";
        return $"{method} {path} HTTP/1.1\r\nHost: x\r\nX-Ca-Key: {Key}\r\nX-Ca-Nonce: {nonce}\r\nX-Ca-Timestamp: {timestamp}\r\n"
            + $"X-Ca-Signature-Headers: X-Ca-Key,X-Ca-Nonce,X-Ca-Timestamp\r\nX-Ca-Signature: {signature}\r\n{content}{extra}\r\n{sentBody ?? body}";
    }
}
