namespace Gateway.Tls;

/// <summary>Finds the certificate for a host: exact, then the longest <c>*.suffix</c>, then the default. Immutable.</summary>
internal sealed class TlsCertificateTable
{
    private const string Wildcard = "*.";

    private readonly Dictionary<string, TlsCertificate> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TlsCertificate> _suffixes = new(StringComparer.OrdinalIgnoreCase);
    private readonly TlsCertificate? _default;

    /// <summary>Makes the table.</summary>
    public TlsCertificateTable(IReadOnlyList<TlsCertificate> certificates)
    {
        All = certificates;
        foreach (var certificate in certificates)
        {
            if (certificate.Hosts.Count == 0)
            {
                _default = certificate;
            }

            foreach (var host in certificate.Hosts)
            {
                var isSuffix = host.StartsWith(Wildcard, StringComparison.Ordinal);
                (isSuffix ? _suffixes : _exact)[isSuffix ? host[Wildcard.Length..] : host] = certificate;
            }
        }
    }

    /// <summary>All certificates.</summary>
    public IReadOnlyList<TlsCertificate> All { get; }

    /// <summary>The certificate to show.</summary>
    /// <param name="host">The name the client asked for by SNI; null or empty when it asked for none.</param>
    /// <returns>The certificate; null when none is for the host.</returns>
    public TlsCertificate? Find(string? host)
    {
        if (string.IsNullOrEmpty(host))
        {
            return _default;
        }

        if (_exact.TryGetValue(host, out var exact))
        {
            return exact;
        }

        var suffixes = _suffixes.GetAlternateLookup<ReadOnlySpan<char>>();
        var rest = host.AsSpan();
        for (var dot = rest.IndexOf('.'); dot >= 0; dot = rest.IndexOf('.'))
        {
            rest = rest[(dot + 1)..];
            if (suffixes.TryGetValue(rest, out var found))
            {
                return found;
            }
        }

        return _default;
    }
}
