using Gateway.Contracts;

namespace Gateway.Policies.Cors;

/// <summary>A policy of type <c>Cors</c>: which web pages may call from a browser. It answers preflights and marks answers, errors included.</summary>
public sealed record CorsOptions : PolicyOptions
{
    /// <summary>Origins that may call: <c>*</c>, <c>https://app.example.com</c>, or <c>https://*.example.com</c>.</summary>
    public IReadOnlyList<string> AllowOrigins { get; init; } = ["*"];

    /// <summary>Methods a page may use.</summary>
    public IReadOnlyList<string> AllowMethods { get; init; } = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"];

    /// <summary>Request headers a page may send; <c>*</c> allows whatever the preflight asks for.</summary>
    public IReadOnlyList<string> AllowHeaders { get; init; } =
    [
        "X-Requested-With", "X-Ca-Key", "X-Ca-Timestamp", "X-Ca-Nonce", "X-Ca-Stage", "X-Ca-Signature", "X-Ca-Signature-Headers",
        "X-Ca-Signature-Method", "X-Ca-Request-Mode", "X-Ca-Version", "X-Ca-Date", "Authorization", "Content-Type", "Accept", "Range", "Cache-Control", "Content-MD5",
    ];

    /// <summary>Response headers a page may read.</summary>
    public IReadOnlyList<string> ExposeHeaders { get; init; } = ["X-Ca-Request-Id", "X-Ca-Error-Code", "X-Ca-Error-Message"];

    /// <summary>Whether a page may send cookies; needs origins other than <c>*</c>.</summary>
    public bool AllowCredentials { get; init; }

    /// <summary>How long a browser may keep the answer to a preflight.</summary>
    [Between("0s", "48h")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(48);
}
