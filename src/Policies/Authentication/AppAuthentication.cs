using System.Collections.Frozen;

namespace Gateway.Policies.Authentication;

/// <summary>How one API with <c>Auth</c> <c>App</c> checks its callers, compiled. Immutable.</summary>
public sealed class AppAuthentication
{
    /// <summary>Group and API; a nonce is used up for one AppKey at one API.</summary>
    public required string ApiId { get; init; }

    /// <summary>The apps of the configuration.</summary>
    public required AppDirectory Apps { get; init; }

    /// <summary>The apps that may call, by name as in <see cref="AppDirectory"/>, and when their grants end; null for never.</summary>
    public required FrozenDictionary<string, DateTimeOffset?> Grants { get; init; }

    /// <summary>Where AppCodes are taken.</summary>
    public required AppCodeUse AppCode { get; init; }

    /// <summary>True when HmacSHA256 is taken.</summary>
    public required bool AllowSha256 { get; init; }

    /// <summary>True when HmacSHA1 is taken.</summary>
    public required bool AllowSha1 { get; init; }

    /// <summary>True when a signed request without a nonce is refused.</summary>
    public required bool RequireNonce { get; init; }

    /// <summary>True when what the signature does not cover is refused.</summary>
    public required bool StrictSignature { get; init; }

    /// <summary>Settings that all APIs share.</summary>
    public required AuthenticationOptions Settings { get; init; }
}
