using Gateway.Tls;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for <c>Gateway:Tls</c>. Whether the files hold what they should shows when they are read, at start or by a reload.</summary>
internal static class TlsValidator
{
    private const string Certificates = "Gateway:Tls:Certificates";

    /// <summary>Adds the problems of the section.</summary>
    public static void Validate(TlsOptions options, ValidationContext context)
    {
        var takenBy = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, certificate) in options.Certificates)
        {
            var path = $"{Certificates}:{name}";
            ValidateFiles(certificate, path, context);
            ValidateHosts(name, certificate, path, takenBy, context);
        }
    }

    private static void ValidateFiles(TlsCertificateOptions certificate, string path, ValidationContext context)
    {
        if (certificate.Certificate is not { Length: > 0 } file)
        {
            context.AddMissing($"{path}:Certificate", "Write the file with the certificate, such as /run/tls/tls.crt.");
        }
        else if (certificate.Key is not null && TlsCertificate.IsPkcs12(file))
        {
            context.Add($"{path}:Key", $"the file {Show.Value(file)} holds the key itself. Take Key out.");
        }
    }

    private static void ValidateHosts(
        string name, TlsCertificateOptions certificate, string path, Dictionary<string, string> takenBy, ValidationContext context)
    {
        if (certificate.Hosts.Count == 0 && !takenBy.TryAdd("", name))
        {
            context.Add($"{path}:Hosts", $"{name} and {takenBy[""]} both have no Hosts, and only one can be the default. Write the hosts of one of them.");
        }

        for (var i = 0; i < certificate.Hosts.Count; i++)
        {
            var host = certificate.Hosts[i];
            if (HostPattern.Refuse(host) is { } refusal)
            {
                context.Add($"{path}:Hosts:{i}", refusal);
            }
            else if (!takenBy.TryAdd(host, name))
            {
                context.Add($"{path}:Hosts:{i}", $"{Show.Value(host)} is a host of {takenBy[host]} already. Take it out of one of them.");
            }
        }
    }
}
