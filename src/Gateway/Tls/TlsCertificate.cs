using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Tls;

/// <summary>One certificate, read from its files, with the chain to send. Immutable.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Hosts">Hosts it is for; empty for the default.</param>
/// <param name="Context">Leaf, key and intermediates, made once for all handshakes.</param>
/// <param name="ExpiresAt">The end of its validity.</param>
internal sealed record TlsCertificate(string Name, IReadOnlyList<string> Hosts, SslStreamCertificateContext Context, DateTimeOffset ExpiresAt)
{
    /// <summary>Reads the files.</summary>
    /// <param name="name">Name in the configuration.</param>
    /// <param name="options">Where the files are.</param>
    /// <param name="folder">Folder that relative paths start at.</param>
    /// <exception cref="CryptographicException">The files hold no certificate, or another certificate's key, or the password is wrong.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static TlsCertificate Read(string name, TlsCertificateOptions options, string folder)
    {
        var path = Path.Combine(folder, options.Certificate!);
        try
        {
            var (leaf, chain) = IsPkcs12(path)
                ? ReadPkcs12(path, options.Password)
                : ReadPem(path, options.Key is null ? null : Path.Combine(folder, options.Key), options.Password);

            // Offline: what the file does not hold is not fetched from the network in the middle of a start.
            var context = SslStreamCertificateContext.Create(leaf, chain, offline: true);
            return new TlsCertificate(name, options.Hosts, context, new DateTimeOffset(leaf.NotAfter.ToUniversalTime(), TimeSpan.Zero));
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or UnauthorizedAccessException)
        {
            throw new CryptographicException($"Gateway:Tls:Certificates:{name} cannot be read from {path}: {exception.Message}", exception);
        }
    }

    /// <summary>The files of a certificate, to watch.</summary>
    public static IEnumerable<string> FilesOf(TlsCertificateOptions options, string folder)
    {
        yield return Path.Combine(folder, options.Certificate!);
        if (options.Key is not null)
        {
            yield return Path.Combine(folder, options.Key);
        }
    }

    /// <summary>Whether a file is PKCS#12, by its ending.</summary>
    public static bool IsPkcs12(string path)
        => path.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".p12", StringComparison.OrdinalIgnoreCase);

    private static (X509Certificate2 Leaf, X509Certificate2Collection Chain) ReadPem(string path, string? key, string? password)
    {
        var leaf = password is null ? X509Certificate2.CreateFromPemFile(path, key) : X509Certificate2.CreateFromEncryptedPemFile(path, password, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(path);
        chain.RemoveAt(0);
        return (OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null) : leaf, chain); // Its TLS takes no key that is only in memory.
    }

    private static (X509Certificate2 Leaf, X509Certificate2Collection Chain) ReadPkcs12(string path, string? password)
    {
        var chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        var leaf = chain.FirstOrDefault(static certificate => certificate.HasPrivateKey)
            ?? throw new CryptographicException("no certificate in it has a private key.");
        chain.Remove(leaf);
        return (leaf, chain);
    }
}
