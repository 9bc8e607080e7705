using System.Collections.Immutable;
using System.Text;
using Gateway.Backends.Signing;

namespace Gateway.Backends.ProxySignatures;

/// <summary>Signs requests to a web backend, each try anew, as its address is part of what is signed. Health probes are signed too.</summary>
internal sealed class ProxySignatureHandler(ProxySignatureOptions options) : DelegatingHandler
{
    /// <summary>Names of the headers that a request's API has signed, in ordinal order.</summary>
    public static readonly HttpRequestOptionsKey<ImmutableArray<string>> SignedHeaders = new("gateway.proxy-signed-headers");

    /// <summary>The body of a request, when it is a form.</summary>
    public static readonly HttpRequestOptionsKey<string> Form = new("gateway.proxy-signed-form");

    private static readonly ImmutableArray<string> KeyOnly = [ProxySignature.KeyHeader];

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(options.Secret!);

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var signed = request.Options.TryGetValue(SignedHeaders, out var names) ? names : KeyOnly;
        request.Options.TryGetValue(Form, out var form);
        request.SetHeader(ProxySignature.KeyHeader, options.Key!);
        request.SetHeader(ProxySignature.HeadersHeader, string.Join(',', signed.Where(request.Headers.NonValidated.Contains)));
        request.SetHeader(ProxySignature.Header, ProxySignature.Sign(ProxySignature.StringToSign(request, signed, form), _secret));
        return base.SendAsync(request, cancellationToken);
    }
}
