using System.Text;
using Gateway.Contracts;
using Gateway.Policies.Authentication.Signatures;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Authentication;

/// <summary>Signs requests as clients do, by the code that verifies them. For tools and tests.</summary>
public static class RequestSigner
{
    /// <summary>The documented string-to-sign of a request.</summary>
    /// <param name="context">The request, with a <c>GatewayFeature</c> whose target is cut, and all headers that are to be signed.</param>
    /// <param name="form">Its body; counts only when the <c>Content-Type</c> is a form's.</param>
    /// <exception cref="ArgumentException">The request has more parameters or listed headers than the gateway reads, or an unknown charset.</exception>
    public static string StringToSign(HttpContext context, ReadOnlySpan<byte> form)
    {
        ArgumentNullException.ThrowIfNull(context);
        Encoding? charset = null;
        var isForm = FormContent.IsForm(context.Request.Headers);
        if (isForm && !form.IsEmpty && !FormContent.TryGetCharset(context.Request.Headers, out charset))
        {
            throw new ArgumentException("The Content-Type names a charset that forms are not read in.", nameof(context));
        }

        if (!Signatures.StringToSign.TryCreate(context, isForm ? form : default, charset, out var text))
        {
            throw new ArgumentException($"The request has more than {SignedParameters.MostParameters} parameters.", nameof(context));
        }

        try
        {
            return text.TryWriteDocumented(out var written)
                ? Encoding.UTF8.GetString(written)
                : throw new ArgumentException($"{CaHeaders.SignatureHeaders} lists more than the gateway reads.", nameof(context));
        }
        finally
        {
            text.Dispose();
        }
    }

    /// <summary>Signs a string-to-sign.</summary>
    /// <param name="stringToSign">The text.</param>
    /// <param name="secret">The AppSecret.</param>
    /// <param name="method">How.</param>
    /// <returns>The signature in Base64, as <c>X-Ca-Signature</c> holds it.</returns>
    public static string Sign(string stringToSign, string secret, SignatureMethod method)
    {
        Span<byte> signature = stackalloc byte[AppSecret.LongestSignature];
        var length = new AppSecret(secret).Sign(method, Encoding.UTF8.GetBytes(stringToSign), signature);
        return Convert.ToBase64String(signature[..length]);
    }
}
