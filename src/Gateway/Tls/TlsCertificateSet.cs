using System.Collections.Immutable;
using Gateway.Configuration.Reload;

namespace Gateway.Tls;

/// <summary>Certificates as they were read, with what they were read from. Immutable.</summary>
/// <param name="Options">Which files they are.</param>
/// <param name="Stamps">How the files looked before they were read.</param>
/// <param name="Table">The certificates, in the order of the options.</param>
internal sealed record TlsCertificateSet(TlsOptions Options, ImmutableArray<FileStamp> Stamps, TlsCertificateTable Table);
