using System.Globalization;
using System.Security.Cryptography;
using Gateway.Commands.Requests;
using Gateway.Contracts;
using Gateway.Policies.Authentication;

namespace Gateway.Commands.Signing;

/// <summary>With what, and how, a request is to be signed. Its secret is never printed.</summary>
/// <param name="Key">The AppKey.</param>
/// <param name="Secret">The AppSecret.</param>
/// <param name="Method">The algorithm.</param>
/// <param name="Names">Names of further headers to sign.</param>
/// <param name="HasNonce">Whether a nonce is added.</param>
internal sealed record SigningKey(string Key, string Secret, SignatureMethod Method, IReadOnlyList<string> Names, bool HasNonce)
{
    /// <summary>Hides the secret.</summary>
    public override string ToString() => $"{nameof(SigningKey)} {{ {Key} }}";
}

/// <summary>A request with its signature.</summary>
/// <param name="Request">All headers included.</param>
/// <param name="StringToSign">What was signed.</param>
internal sealed record SignedRequest(DescribedRequest Request, string StringToSign);

/// <summary>Signs described requests, with the code that the server verifies by.</summary>
internal static class RequestSigning
{
    /// <summary>Signs a request.</summary>
    /// <returns>Null when the server could not read it.</returns>
    public static SignedRequest? Sign(DescribedRequest request, SigningKey key, TimeProvider time)
    {
        var signed = AddHeaders(request, key, time);
        if (StringToSign(signed) is not { } text)
        {
            return null;
        }

        return new SignedRequest(signed.With(CaHeaders.Signature, RequestSigner.Sign(text, key.Secret, key.Method)), text);
    }

    /// <summary>The server's string-to-sign of a request; null when its target is not a path, or it has more parameters than the server reads.</summary>
    public static string? StringToSign(DescribedRequest request)
    {
        if (request.ToSignedContext() is not { } context)
        {
            return null;
        }

        try
        {
            return RequestSigner.StringToSign(context, request.IsForm ? request.Body : []);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static DescribedRequest AddHeaders(DescribedRequest request, SigningKey key, TimeProvider time)
    {
        request = request.With(CaHeaders.Key, key.Key);
        if (request.Find(CaHeaders.Timestamp) is null)
        {
            request = request.With(CaHeaders.Timestamp, time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        }

        if (key.HasNonce && request.Find(CaHeaders.Nonce) is null)
        {
            request = request.With(CaHeaders.Nonce, Guid.NewGuid().ToString());
        }

        if (key.Method != SignatureMethod.HmacSHA256)
        {
            request = request.With(CaHeaders.SignatureMethod, key.Method.ToString());
        }

        if (request.Body.Length > 0 && !request.IsForm && request.Find("Content-MD5") is null)
        {
            request = request.With("Content-MD5", ContentMd5(request.Body));
        }

        var names = request.Headers.Select(static header => header.Key)
            .Where(static name => name.StartsWith("X-Ca-", StringComparison.OrdinalIgnoreCase))
            .Concat(key.Names)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal);
        return request.With(CaHeaders.SignatureHeaders, string.Join(',', names));
    }

#pragma warning disable CA5351 // The protocol's digest of the body; what protects it is the signature over it.
    /// <summary>The value of <c>Content-MD5</c> for a body.</summary>
    public static string ContentMd5(ReadOnlySpan<byte> body) => Convert.ToBase64String(MD5.HashData(body));
#pragma warning restore CA5351
}
