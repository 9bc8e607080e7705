using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Authentication.Signatures;

/// <summary>What a signed request says of itself, in headers that are well formed. Nothing of it is verified yet.</summary>
/// <param name="AppKey">The AppKey.</param>
/// <param name="Signature">The signature, in Base64 if it is one.</param>
/// <param name="Method">How it was made.</param>
/// <param name="Timestamp">The text of <c>X-Ca-Timestamp</c>; null when absent.</param>
/// <param name="Nonce">The nonce; null when absent.</param>
/// <param name="SignedHeaders">The list of signed headers; null when absent.</param>
/// <param name="ContentMd5">The digest of the body, in Base64 if it is one; null when absent.</param>
internal readonly record struct SignatureCredentials(
    string AppKey, string Signature, SignatureMethod Method, string? Timestamp, string? Nonce, string? SignedHeaders, string? ContentMd5)
{
    /// <summary>Reads the headers of a request that has <c>X-Ca-Signature</c>, or says what is wrong with them.</summary>
    /// <param name="context">The request; refused with <c>I400MH</c> or <c>I400HD</c>.</param>
    /// <param name="authentication">Which methods the API takes.</param>
    /// <param name="credentials">What the headers say.</param>
    public static bool TryRead(HttpContext context, AppAuthentication authentication, out SignatureCredentials credentials)
    {
        credentials = default;
        if (Find(context, CaHeaders.Key) is not { } appKey)
        {
            context.Fail(GatewayError.HeaderMissing, CaHeaders.Key);
            return false;
        }

        if (!TryReadOnce(context, CaHeaders.SignatureMethod, "`X-Ca-Signature-Method` must not be repeated", out var method)
            || !TryReadOnce(context, CaHeaders.SignatureHeaders, "`X-Ca-Signature-Headers` must not be repeated", out var list)
            || !TryReadOnce(context, CaHeaders.Timestamp, "`X-Ca-Timestamp` must not be repeated", out var timestamp)
            || !TryReadOnce(context, CaHeaders.Nonce, "`X-Ca-Nonce` must not be repeated", out var nonce)
            || !TryReadOnce(context, "Content-MD5", "`Content-MD5` must not be repeated", out var contentMd5))
        {
            return false;
        }

        if (!TryParseMethod(method, authentication, out var parsed))
        {
            context.Fail(GatewayError.InvalidHeader, "`X-Ca-Signature-Method` is not one that the API takes");
            return false;
        }

        if (list.AsSpan().Count(',') >= SignedHeaderList.MostNames)
        {
            context.Fail(GatewayError.InvalidHeader, "`X-Ca-Signature-Headers` lists too many names");
            return false;
        }

        // A name with a colon or a slash would give a line that a client signed as something else: as another header's, or as its URL.
        if (!HeaderNameList.IsOne(list))
        {
            context.Fail(GatewayError.InvalidHeader, "`X-Ca-Signature-Headers` lists what is not a header name");
            return false;
        }

        credentials = new SignatureCredentials(appKey, Find(context, CaHeaders.Signature)!, parsed, timestamp, nonce, list, contentMd5);
        return true;
    }

    /// <summary>The first value of a header; null when it is absent or empty.</summary>
    public static string? Find(HttpContext context, string name)
        => context.Request.Headers.TryGetValue(name, out var values) && values.Count > 0 && values[0] is { Length: > 0 } value ? value : null;

    /// <summary>Reads a header of which nobody may choose a copy.</summary>
    private static bool TryReadOnce(HttpContext context, string name, string problem, out string? value)
    {
        value = null;
        if (!context.Request.Headers.TryGetValue(name, out var values) || values.Count == 0)
        {
            return true;
        }

        if (values.Count > 1)
        {
            context.Fail(GatewayError.InvalidHeader, problem);
            return false;
        }

        value = string.IsNullOrEmpty(values[0]) ? null : values[0];
        return true;
    }

    private static bool TryParseMethod(string? text, AppAuthentication authentication, out SignatureMethod method)
    {
        method = text == nameof(SignatureMethod.HmacSHA1) ? SignatureMethod.HmacSHA1 : SignatureMethod.HmacSHA256;
        return method == SignatureMethod.HmacSHA1
            ? authentication.AllowSha1
            : authentication.AllowSha256 && text is null or nameof(SignatureMethod.HmacSHA256);
    }
}
