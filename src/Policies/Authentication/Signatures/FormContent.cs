using System.Text;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Policies.Authentication.Signatures;

/// <summary>Tells whether a request's body is a form, whose parameters are signed, and how its text is encoded.</summary>
internal static class FormContent
{
    /// <summary>What it cannot decode becomes U+FFFD, by which the reader knows it; a question mark would stand for itself.</summary>
    private static readonly Encoding Gb18030 =
        CodePagesEncodingProvider.Instance.GetEncoding("gb18030", EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"))!;

    /// <summary>Whether bytes of a body may follow. A Content-Type alone says nothing: some clients send a form's with each GET.</summary>
    public static bool HasBody(HttpContext context)
        => context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? context.Request.ContentLength > 0;

    /// <summary>Whether the first <c>Content-Type</c> is a form's, in any case, with or without parameters.</summary>
    public static bool IsForm(IHeaderDictionary headers) => headers.ContentType is { Count: > 0 } values && FormMediaType.Is(values[0]);

    /// <summary>Finds the encoding that the <c>Content-Type</c> declares.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="charset">The encoding; null for UTF-8, which is meant by its absence, and for its part ASCII.</param>
    /// <returns>False when the charset is not one that forms are read in.</returns>
    public static bool TryGetCharset(IHeaderDictionary headers, out Encoding? charset)
    {
        charset = null;
        var type = headers.ContentType is { Count: > 0 } values ? values[0].AsSpan() : default;
        foreach (var range in type.Split(';'))
        {
            var parameter = type[range].Trim();
            if (parameter.StartsWith("charset=", StringComparison.OrdinalIgnoreCase))
            {
                return TryFind(parameter["charset=".Length..].Trim().Trim('"'), out charset);
            }
        }

        return true;
    }

    private static bool TryFind(ReadOnlySpan<char> name, out Encoding? charset)
    {
        charset = null;
        if (Is(name, "utf-8") || Is(name, "utf8") || Is(name, "us-ascii"))
        {
            return true;
        }

        charset = Is(name, "iso-8859-1") || Is(name, "latin1") ? Encoding.Latin1
            : Is(name, "gbk") || Is(name, "gb2312") || Is(name, "gb18030") ? Gb18030 // Each contains the one before.
            : null;
        return charset is not null;
    }

    private static bool Is(ReadOnlySpan<char> name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);
}
