using System.ComponentModel.DataAnnotations;

namespace Gateway.Tls;

/// <summary>The section <c>Gateway:Tls</c>: what the gateway's <c>https</c> addresses show.</summary>
public sealed record TlsOptions
{
    /// <summary>Certificates by name; SNI chooses among them. They serve every <c>https</c> address that has no certificate of its own in the section <c>Kestrel</c>.</summary>
    public IReadOnlyDictionary<string, TlsCertificateOptions> Certificates { get; init; } = new Dictionary<string, TlsCertificateOptions>();

    /// <summary>Port that <c>RedirectHttp</c> sends clients to: the one they reach, in front of any load balancer.</summary>
    [Range(1, 65535)]
    public int RedirectPort { get; init; } = 443;
}

/// <summary>One entry of <c>Gateway:Tls:Certificates</c>. Its files are read again when they change.</summary>
public sealed record TlsCertificateOptions
{
    /// <summary>Hosts it is shown for, exact or <c>*.suffix</c>; empty for all that no other one is for, and for clients that name none.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>File with the certificate and the ones that signed it, in that order: PEM, or PKCS#12 with the ending <c>.pfx</c> or <c>.p12</c>. Required.</summary>
    public string? Certificate { get; init; }

    /// <summary>File with the private key, PEM; default: the file of the certificate.</summary>
    public string? Key { get; init; }

    /// <summary>Password of the key or of the PKCS#12 file.</summary>
    public string? Password { get; init; }

    /// <summary>Whether it is read from the same files in the same way as another one.</summary>
    internal bool HasFilesOf(TlsCertificateOptions other) => (Certificate, Key, Password) == (other.Certificate, other.Key, other.Password);
}
