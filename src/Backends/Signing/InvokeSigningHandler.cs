using System.Globalization;
using System.Security.Cryptography;

namespace Gateway.Backends.Signing;

/// <summary>Signs calls of the function service's InvokeFunction API. Stands last before the connection.</summary>
/// <remarks>
/// Nothing may change the request behind it: the service recomputes the signature from what arrives. A request that is sent again is
/// signed again, with a fresh date and nonce.
/// </remarks>
/// <param name="credentials">The access key, with its token when it is a temporary one.</param>
/// <param name="time">The clock; the service refuses dates that are more than 15 minutes off.</param>
internal sealed class InvokeSigningHandler(CredentialsOptions credentials, TimeProvider time) : DelegatingHandler
{
    private const string InvokeFunction = "InvokeFunction";
    private const string ApiVersion = "2023-03-30";
    private const string DefaultContentType = "application/octet-stream";

    private readonly AccessKey _key = new(credentials);

    /// <summary>Signs and sends.</summary>
    /// <exception cref="InvalidOperationException">The content cannot be hashed: a bug of the gateway.</exception>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sign(request);
        return base.SendAsync(request, cancellationToken);
    }

    private void Sign(HttpRequestMessage request)
    {
        if (request.Content is not ISignableContent payload)
        {
            throw new InvalidOperationException("The content of an event call must be signable.");
        }

        var uri = request.RequestUri!;
        var host = Authority(uri);
        var contentType = EnsureContentType(request.Content);
        var payloadHash = Convert.ToHexStringLower(SHA256.HashData(payload.Bytes.Span));
        var date = AcsHeaders.FormatDate(time.GetUtcNow());
        var nonce = Guid.NewGuid().ToString("N");

        request.Headers.Host = host;
        request.SetHeader(AcsHeaders.Action, InvokeFunction);
        request.SetHeader(AcsHeaders.ContentSha256, payloadHash);
        request.SetHeader(AcsHeaders.Date, date);
        request.SetHeader(AcsHeaders.SignatureNonce, nonce);
        request.SetHeader(AcsHeaders.Version, ApiVersion);
        if (_key.SecurityToken is not null)
        {
            request.SetHeader(AcsHeaders.SecurityToken, _key.SecurityToken);
        }

        Span<SignedHeader> headers =
        [
            new(AcsHeaders.ContentType, contentType),
            new(AcsHeaders.Host, host),
            new(AcsHeaders.Action, InvokeFunction),
            new(AcsHeaders.ContentSha256, payloadHash),
            new(AcsHeaders.Date, date),
            new(AcsHeaders.SignatureNonce, nonce),
            new(AcsHeaders.Version, ApiVersion),
            new(AcsHeaders.SecurityToken, _key.SecurityToken ?? ""),
        ];
        request.SetHeader(AcsHeaders.Authorization, Acs3Signature.Authorize(
            _key, request.Method.Method, uri.PathAndQuery, _key.SecurityToken is null ? headers[..^1] : headers, payloadHash));
    }

    /// <summary>What goes out as <c>Host</c>: the backend's name, with its port unless it is the scheme's own.</summary>
    private static string Authority(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return uri.IsDefaultPort ? host : string.Concat(host, ":", uri.Port.ToString(CultureInfo.InvariantCulture));
    }

    private static string EnsureContentType(HttpContent content)
    {
        if (content.Headers.NonValidated.TryGetValues(AcsHeaders.ContentType, out var values))
        {
            return values.ToString();
        }

        content.Headers.TryAddWithoutValidation(AcsHeaders.ContentType, DefaultContentType);
        return DefaultContentType;
    }
}
