namespace Gateway.Backends.ProxySignatures;

/// <summary>Signs what the gateway sends, so that a backend can tell it from anybody else (<c>X-Ca-Proxy-Signature</c>).</summary>
public sealed record ProxySignatureOptions
{
    /// <summary>Name of the key, sent in <c>X-Ca-Proxy-Signature-Secret-Key</c>. Required.</summary>
    public string? Key { get; init; }

    /// <summary>The secret. Required. Give it in an environment variable or a secret file.</summary>
    public string? Secret { get; init; }

    /// <summary>Hides the secret.</summary>
    public override string ToString() => $"{nameof(ProxySignatureOptions)} {{ Key = {Key} }}";
}
