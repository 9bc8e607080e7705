namespace Gateway.Policies;

/// <summary>Everything the policy middleware must know about one API. Compiled once, then metadata of the API's endpoint. Immutable.</summary>
public sealed record ApiPolicy
{
    /// <summary>Group and API, <c>fc-group/greet</c>. For logs.</summary>
    public required string ApiId { get; init; }

    /// <summary>True when requests may come over plain HTTP.</summary>
    public required bool AllowHttp { get; init; }

    /// <summary>True when requests may come over TLS.</summary>
    public required bool AllowHttps { get; init; }

    /// <summary>The stage that is served, as in <c>X-Ca-Stage</c>; null when every known stage name is accepted (Development).</summary>
    public required string? Stage { get; init; }

    /// <summary>Largest request body, in bytes.</summary>
    public required long MaxRequestBody { get; init; }
}
