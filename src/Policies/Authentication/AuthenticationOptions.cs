using System.ComponentModel.DataAnnotations;
using Gateway.Contracts;

namespace Gateway.Policies.Authentication;

/// <summary>The section <c>Gateway:Authentication</c>: how signatures are checked at all APIs.</summary>
public sealed record AuthenticationOptions
{
    /// <summary>How far <c>X-Ca-Timestamp</c> may lie from the server's clock, in both directions; a nonce is remembered for as long as its timestamp passes, and for the window at least.</summary>
    [Between("1s", "24h")]
    public TimeSpan TimestampWindow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Nonces remembered at once, at 21 to 43 bytes each. When full, requests with a new nonce are refused with <c>X503BZ</c>; divide by two windows for the rate it surely sustains.</summary>
    [Range(1000, 100_000_000)]
    public int MaxNonces { get; init; } = 2_000_000;

    /// <summary>Largest form body of a signed request: its parameters are signed, so it is held in memory.</summary>
    [Between("1KB", "16MB")]
    public ByteSize FormBody { get; init; } = new(1 << 20);

    /// <summary>How much of a body with <c>Content-MD5</c> is held in memory; what is larger waits in a temporary file.</summary>
    [Between("0B", "64MB")]
    public ByteSize MemoryBody { get; init; } = new(1 << 20);

    /// <summary>How much all held bodies together may have in memory, give or take one block each. Beyond it a request with such a body is refused with <c>X503BZ</c>.</summary>
    [Between("1MB", "64GB")]
    public ByteSize HeldMemory { get; init; } = new(64 << 20);

    /// <summary>Longest time for a held body to arrive; then the request is refused with <c>I408RT</c>.</summary>
    [Between("1s", "1h")]
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Folder of these files; default: the system's temporary folder.</summary>
    public string? BodyFolder { get; init; }

    /// <summary>Shows the server's string-to-sign to a client whose signature does not match, as the cloud does.</summary>
    public bool ShowStringToSign { get; init; } = true;
}
