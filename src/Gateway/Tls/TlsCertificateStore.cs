using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Gateway.Configuration;
using Gateway.Configuration.Reload;
using Gateway.Contracts;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Gateway.Tls;

/// <summary>The certificates in force. Handshakes read it at any time; one thread at a time may change it.</summary>
internal sealed class TlsCertificateStore
{
    private readonly ConfigurationSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger<TlsCertificateStore> _logger;
    private readonly Lock _changing = new();
    private volatile TlsCertificateSet _set = new(new TlsOptions(), [], new TlsCertificateTable([]));

    /// <summary>An empty store that reports the expiry of what it will hold.</summary>
    public TlsCertificateStore(ConfigurationSource source, TimeProvider time, IMeterFactory meters, ILogger<TlsCertificateStore> logger)
    {
        _source = source;
        _time = time;
        _logger = logger;
        meters.Create(Telemetry.Name).CreateObservableGauge(
            "gateway.tls.certificate.expiry", Expiries, "s", "When each certificate of the gateway expires, in seconds since 1970.");
    }

    /// <summary>The certificates in force.</summary>
    public TlsCertificateTable Table => _set.Table;

    /// <summary>Reads the certificates of a configuration, all or none, and changes nothing.</summary>
    /// <remarks>A certificate in force whose files are still the same ones stays when they cannot be read: a bad renewal holds up no other change.</remarks>
    /// <exception cref="CryptographicException">A new one cannot be read.</exception>
    /// <exception cref="IOException">A file of a new one cannot be read.</exception>
    public TlsCertificateSet Read(TlsOptions options)
    {
        var stamps = Look(options); // Before reading: what changes in between is seen by the next look.
        return new TlsCertificateSet(
            options, stamps, new TlsCertificateTable([.. options.Certificates.Select(one => Read(one.Key, one.Value))]));
    }

    /// <summary>Puts certificates in force that have been read.</summary>
    public void Apply(TlsCertificateSet set)
    {
        lock (_changing)
        {
            _set = set;
            foreach (var certificate in set.Table.All)
            {
                LogExpiry(certificate);
            }
        }
    }

    /// <summary>Reads again what has changed. A certificate that cannot be read stays as it was, and the log says so.</summary>
    public void Refresh()
    {
        lock (_changing)
        {
            var (options, seen, table) = _set;
            var stamps = Look(options);
            if (!stamps.SequenceEqual(seen))
            {
                _set = new TlsCertificateSet(
                    options, stamps, new TlsCertificateTable([.. options.Certificates.Zip(table.All, (one, old) => ReadAgain(one.Key, one.Value, old))]));
            }
        }
    }

    /// <summary>Warns of each certificate that ends soon.</summary>
    public void WarnOfExpiry()
    {
        foreach (var certificate in _set.Table.All)
        {
            if (EndsSoon(certificate))
            {
                LogExpiry(certificate);
            }
        }
    }

    /// <summary>What a handshake is made with.</summary>
    /// <exception cref="AuthenticationException">No certificate is for the host: the client is told, and sees no other tenant's name.</exception>
    public ValueTask<SslServerAuthenticationOptions> SelectAsync(TlsHandshakeCallbackContext context)
        => _set.Table.Find(context.ClientHelloInfo.ServerName) is { } certificate
            ? new ValueTask<SslServerAuthenticationOptions>(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Context,
                AllowRenegotiation = false, // A client could otherwise make us compute, again and again.
            })
            : throw new AuthenticationException("No certificate is for the host that the client asks for.");

    private TlsCertificate Read(string name, TlsCertificateOptions options)
    {
        var (inForce, _, table) = _set;
        return table.All.FirstOrDefault(certificate => certificate.Name == name) is { } old && inForce.Certificates[name].HasFilesOf(options)
            ? ReadAgain(name, options, old) with { Hosts = options.Hosts }
            : TlsCertificate.Read(name, options, _source.Folder);
    }

    private TlsCertificate ReadAgain(string name, TlsCertificateOptions options, TlsCertificate old)
    {
        try
        {
            var read = TlsCertificate.Read(name, options, _source.Folder);
            if (!read.Context.TargetCertificate.Equals(old.Context.TargetCertificate))
            {
                LogExpiry(read);
            }

            return read;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException)
        {
            _logger.CertificateKept(name, exception.Message);
            return old;
        }
    }

    private ImmutableArray<FileStamp> Look(TlsOptions options)
        => [.. options.Certificates.Values.SelectMany(one => TlsCertificate.FilesOf(one, _source.Folder)).Select(FileStamp.Of)];

    private bool EndsSoon(TlsCertificate certificate) => certificate.ExpiresAt - _time.GetUtcNow() < TimeSpan.FromDays(14);

    private void LogExpiry(TlsCertificate certificate)
    {
        if (EndsSoon(certificate))
        {
            _logger.CertificateEndsSoon(certificate.Name, certificate.ExpiresAt);
        }
        else
        {
            _logger.CertificateInForce(certificate.Name, certificate.ExpiresAt);
        }
    }

    private IEnumerable<Measurement<long>> Expiries()
        => _set.Table.All.Select(static certificate => new Measurement<long>(
            certificate.ExpiresAt.ToUnixTimeSeconds(), new KeyValuePair<string, object?>("gateway.tls.certificate", certificate.Name)));
}
