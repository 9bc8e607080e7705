namespace Gateway.Policies.Authentication;

/// <summary>One entry of <c>Gateway:Apps</c>: a caller, with an AppKey and AppSecret to sign with, AppCodes, or both.</summary>
public sealed record AppOptions
{
    /// <summary>False refuses the app everywhere, as if it were unknown.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Id towards backends, the system parameter <c>CaAppId</c>; default: the app's name.</summary>
    public string? AppId { get; init; }

    /// <summary>Public half of the key pair, in <c>X-Ca-Key</c>.</summary>
    public string? AppKey { get; init; }

    /// <summary>Secret half of the key pair. Give it in an environment variable or a secret file.</summary>
    public string? AppSecret { get; init; }

    /// <summary>The secret before the present one, which signs too until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousAppSecret { get; init; }

    /// <summary>When the previous secret ends. Required with it.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>Codes that authenticate by themselves, in <c>Authorization: APPCODE …</c>. Give them in a secret file.</summary>
    public IReadOnlyList<string> AppCodes { get; init; } = [];

    /// <summary>Hides the secrets.</summary>
    public override string ToString() => $"{nameof(AppOptions)} {{ AppKey = {AppKey} }}";
}

/// <summary>What one app may do at one API.</summary>
public sealed record GrantOptions
{
    /// <summary>False withdraws the grant, e.g. in one stage.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>When the grant ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Where an API takes AppCodes.</summary>
public enum AppCodeUse
{
    /// <summary>Nowhere: signatures only.</summary>
    Disabled,

    /// <summary>In the header <c>Authorization: APPCODE …</c>.</summary>
    Header,

    /// <summary>In the header, or in the query parameter <c>AppCode</c>, which the backend does not see.</summary>
    HeaderOrQuery,
}

/// <summary>How a request may be signed.</summary>
public enum SignatureMethod
{
    /// <summary>HMAC with SHA-256.</summary>
    HmacSHA256,

    /// <summary>HMAC with SHA-1, for old clients.</summary>
    HmacSHA1,
}
