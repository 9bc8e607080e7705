using Gateway.Policies.Authentication;
using Gateway.Policies.Cors;
using Gateway.Policies.IpAccess;
using Gateway.Policies.Throttling;
using Microsoft.AspNetCore.Http;

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

    /// <summary>Port of the https address that a GET over refused plain HTTP is sent to; null refuses it.</summary>
    public int? RedirectPort { get; init; }

    /// <summary>The stage that is served, as in <c>X-Ca-Stage</c>; null when every known stage name is accepted (Development).</summary>
    public required string? Stage { get; init; }

    /// <summary>Largest request body, in bytes.</summary>
    public required long MaxRequestBody { get; init; }

    /// <summary>Which addresses may call; null for all.</summary>
    public IpAccessList? IpAccess { get; init; }

    /// <summary>Which web pages may call; null leaves CORS to the backend.</summary>
    public CorsPolicy? Cors { get; init; }

    /// <summary>Which apps may call, and how they prove who they are; null for anybody.</summary>
    public AppAuthentication? Authentication { get; init; }

    /// <summary>How many requests are taken; null for any number.</summary>
    public ThrottlingPlan? Throttling { get; init; }

    /// <summary>The policy of the API that was matched.</summary>
    /// <exception cref="InvalidOperationException">No API was matched: nothing may be served.</exception>
    internal static ApiPolicy Of(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<ApiPolicy>()
            ?? throw new InvalidOperationException("The request reached the policies without an API.");
}
