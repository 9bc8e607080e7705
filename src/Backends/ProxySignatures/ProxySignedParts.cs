using System.Collections.Immutable;
using System.Text;
using Gateway.Backends.Http;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Backends.ProxySignatures;

/// <summary>What of one API's requests the signature towards the backend covers beside method, path and query. Compiled; immutable.</summary>
/// <remarks>Of the headers those that only the gateway sets, so that nothing a proxy behind it may add or rewrite breaks the signature, but for <c>X-Forwarded-For</c>.</remarks>
internal sealed class ProxySignedParts
{
    /// <summary>A form is held in memory while its signature is made; a larger one is refused.</summary>
    private const int LargestForm = 1 << 20;

    private readonly ImmutableArray<string> _headers;

    /// <param name="api">The API.</param>
    public ProxySignedParts(ApiBackend api)
    {
        var system = api.SystemParameters.Where(static parameter => !parameter.IsQuery).Select(static parameter => parameter.Name);
        _headers = [.. system.Concat([CaHeaders.ApiGateway, "X-Forwarded-For", ProxySignature.KeyHeader]).Order(StringComparer.Ordinal)];
    }

    /// <summary>Hands to the signing handler what it cannot see in the outgoing request.</summary>
    /// <returns>False when the client's form cannot be read; the request is then answered.</returns>
    public async ValueTask<bool> TryAttachAsync(HttpRequestMessage outgoing, HttpContext http, CancellationToken cancellationToken)
    {
        outgoing.Options.Set(ProxySignatureHandler.SignedHeaders, _headers);
        if (http.Request.Headers.ContentType is not [var type] || !FormMediaType.Is(type))
        {
            return true;
        }

        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is false)
        {
            outgoing.Options.Set(ProxySignatureHandler.Form, "");
            return true;
        }

        try
        {
            if (await ReadFormAsync(http.Request, cancellationToken) is { } form)
            {
                outgoing.Options.Set(ProxySignatureHandler.Form, form);
                return true;
            }

            http.Fail(GatewayError.BodyTooLarge);
        }
        catch (Exception exception) when (RequestBodyFailure.IsOne(exception))
        {
            RequestBodyFailure.Answer(http, exception);
        }

        return false;
    }

    /// <summary>Reads a form and leaves the body at its start, to be sent.</summary>
    /// <returns>Null when it is too large.</returns>
    private static async ValueTask<string?> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > LargestForm)
        {
            return null;
        }

        request.EnableBuffering(bufferThreshold: LargestForm, bufferLimit: 2 * LargestForm); // Nothing for one that is held already.
        var body = request.Body;
        body.Position = 0;
        var form = new MemoryStream((int)(request.ContentLength ?? 0));
        var block = new byte[4096];
        while (await body.ReadAsync(block, cancellationToken) is > 0 and var read)
        {
            form.Write(block, 0, read);
            if (form.Length > LargestForm)
            {
                return null;
            }
        }

        body.Position = 0;
        return Encoding.UTF8.GetString(form.GetBuffer(), 0, (int)form.Length);
    }
}
