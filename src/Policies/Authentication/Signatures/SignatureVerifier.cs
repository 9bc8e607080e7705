using System.Text;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Authentication.Signatures;

/// <summary>Checks the signature of a request against its string-to-sign.</summary>
/// <remarks>
/// The documented text first. Where the documentation and the clients disagree, the texts that clients sign come next, each by itself and only
/// when the request has what makes it differ: every one is a full HMAC over the same parts, so a caller needs the secret all the same.
/// </remarks>
internal static class SignatureVerifier
{
    /// <summary>What is shown instead of a string-to-sign that nobody is to see.</summary>
    private const string Hidden = "hidden";

    /// <summary>Characters that are shown at most, and the bytes they take at most.</summary>
    private const int MostShownChars = 4096;
    private const int MostShownBytes = 3 * MostShownChars;

    /// <summary>Characters of the longest signature.</summary>
    private const int LongestBase64 = 44;

    /// <summary>How HTTP/2 spells <c>X-Ca-Key</c>, and half of the clients.</summary>
    private const string LowerKey = "x-ca-key";

    /// <summary>Checks a signature.</summary>
    /// <param name="call">The request; refused with <c>A403IS</c>, <c>I400HD</c> or <c>I400BD</c>.</param>
    /// <param name="form">Bytes of the form; empty when the body is no form.</param>
    /// <param name="charset">Charset of the form; null for UTF-8.</param>
    public static bool Verify(in SignedCall call, ReadOnlySpan<byte> form, Encoding? charset)
    {
        if (!StringToSign.TryCreate(call.Context, form, charset, out var text))
        {
            return call.Fail(GatewayError.InvalidBody, "too many parameters in query and form");
        }

        try
        {
            return Verify(call, ref text);
        }
        finally
        {
            text.Dispose();
        }
    }

    private static bool Verify(in SignedCall call, ref StringToSign text)
    {
        if (!text.TryWriteDocumented(out var documented))
        {
            return call.Fail(GatewayError.InvalidHeader, "`X-Ca-Signature-Headers` lists too much");
        }

        if (call.Authentication.StrictSignature && text.HasRepeatedParameter)
        {
            return call.Fail(GatewayError.InvalidHeader, "`X-Ca-Signature` does not cover a parameter that is repeated");
        }

        Span<byte> signature = stackalloc byte[AppSecret.LongestSignature];
        signature = signature[..Decode(call.Credentials.Signature, signature)];
        return call.IsSignatureOf(documented, signature)
            || MatchesFallback(call, ref text, signature)
            || call.Fail(GatewayError.InvalidSignature, call.Authentication.Settings.ShowStringToSign ? Show(ref text) : Hidden);
    }

    private static bool MatchesFallback(in SignedCall call, ref StringToSign text, scoped ReadOnlySpan<byte> signature)
    {
        if (call.Context.Gateway().Target.Path.Contains('%') && text.TryWriteDecodedPath(out var decoded) && call.IsSignatureOf(decoded, signature))
        {
            return true;
        }

        if (text.HasClash && call.IsSignatureOf(text.WriteQueryFirst(), signature))
        {
            return true;
        }

        if (call.Credentials.SignedHeaders is not null)
        {
            return false;
        }

        var sent = FindSpelling(call.Context.Request.Headers);
        return call.IsSignatureOf(text.WriteKeyAlone(sent), signature)
            || (sent != CaHeaders.Key && call.IsSignatureOf(text.WriteKeyAlone(CaHeaders.Key), signature))
            || (sent != LowerKey && call.IsSignatureOf(text.WriteKeyAlone(LowerKey), signature));
    }

    /// <summary>How <c>X-Ca-Key</c> is spelled on the wire.</summary>
    private static string FindSpelling(IHeaderDictionary headers)
    {
        foreach (var (name, _) in headers)
        {
            if (name.Equals(CaHeaders.Key, StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }
        }

        return CaHeaders.Key;
    }

    /// <summary>Decodes a signature; one client adds a line end, so blanks around it do not count. What is no Base64 is no signature: length 0.</summary>
    /// <remarks>The framework ignores the last bits before the padding; a signature that can be written in two ways is one that can be changed.</remarks>
    private static int Decode(string text, Span<byte> signature)
    {
        var base64 = text.AsSpan().Trim();
        Span<char> again = stackalloc char[LongestBase64];
        return Convert.TryFromBase64Chars(base64, signature, out var length)
            && Convert.TryToBase64Chars(signature[..length], again, out var written)
            && base64.SequenceEqual(again[..written])
                ? length
                : 0;
    }

    /// <summary>The documented text for the client to compare with, without AppCodes.</summary>
    private static string Show(ref StringToSign text)
    {
        text.TryWriteDocumented(out var documented, hideAppCode: true);
        var shown = Encoding.UTF8.GetString(documented[..Math.Min(documented.Length, MostShownBytes)]);
        return shown.Length > MostShownChars ? shown[..(char.IsHighSurrogate(shown[MostShownChars - 1]) ? MostShownChars - 1 : MostShownChars)] : shown;
    }
}
