using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.IntegrationTests.Operations;

/// <summary>Certificates of an authority made for one test, in files: the leaf, the intermediate that signed it, and the key.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UnixEpoch.AddYears(50);
    private readonly X509Certificate2 _intermediate;

    public TestCertificates()
    {
        using var root = Authority("root", issuer: null);
        _intermediate = Authority("intermediate", root);
        Folder = Directory.CreateTempSubdirectory("gateway-tls").FullName;
    }

    public string Folder { get; }

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Writes <c>name.crt</c> and <c>name.key</c>, in place as a renewal does.</summary>
    /// <returns>The thumbprint.</returns>
    public string Write(string name, string host, DateTimeOffset? end = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var leaf = request.Create(_intermediate, Begin, end ?? Begin.AddYears(40), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf($"{name}.crt"), $"{leaf.ExportCertificatePem()}\n{_intermediate.ExportCertificatePem()}\n");
        return leaf.Thumbprint;
    }

    /// <summary>Writes the same as one PKCS#12 file.</summary>
    public void WritePkcs12(string name, string password)
    {
        using var leaf = X509Certificate2.CreateFromPemFile(PathOf($"{name}.crt"), PathOf($"{name}.key"));
        File.WriteAllBytes(PathOf($"{name}.pfx"), new X509Certificate2Collection { leaf, _intermediate }.Export(X509ContentType.Pkcs12, password)!);
    }

    public void Dispose()
    {
        _intermediate.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        if (issuer is null)
        {
            return request.CreateSelfSigned(Begin, Begin.AddYears(50));
        }

        using var signed = request.Create(issuer, Begin, Begin.AddYears(45), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
