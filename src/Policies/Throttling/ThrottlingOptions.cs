using System.ComponentModel.DataAnnotations;

namespace Gateway.Policies.Throttling;

/// <summary>A policy of type <c>Throttling</c>: how many requests an API takes in a unit of time. All its limits hold at once.</summary>
/// <remarks>Each API that names the policy has counters of its own, unless <see cref="Shared"/>.</remarks>
public sealed record ThrottlingOptions : PolicyOptions
{
    /// <summary>The unit of time of all limits. Required.</summary>
    public ThrottlingUnit? Unit { get; init; }

    /// <summary>Requests of all callers together; refused with <c>T429PA</c>.</summary>
    [Range(1, 1_000_000_000)]
    public long? PerApi { get; init; }

    /// <summary>Requests of one app; refused with <c>T429PR</c>. For APIs with <c>Auth</c> <c>App</c>.</summary>
    [Range(1, 1_000_000_000)]
    public long? PerApp { get; init; }

    /// <summary>Requests of one client address, of one /64 network with IPv6; refused with <c>T429MR</c>.</summary>
    [Range(1, 1_000_000_000)]
    public long? PerIp { get; init; }

    /// <summary>Limits of single apps by name, instead of <see cref="PerApp"/>.</summary>
    public IReadOnlyDictionary<string, long> Apps { get; init; } = new Dictionary<string, long>();

    /// <summary>Limits by a value of the request, by a name of your choice; refused with <c>T429MR</c>.</summary>
    public IReadOnlyDictionary<string, ThrottlingRuleOptions> Rules { get; init; } = new Dictionary<string, ThrottlingRuleOptions>();

    /// <summary>One set of counters for all APIs that name the policy, instead of one for each.</summary>
    public bool Shared { get; init; }

    /// <summary>Which headers tell clients how much is left.</summary>
    public ThrottlingHeaders Headers { get; init; } = ThrottlingHeaders.None;
}

/// <summary>A limit by a value of the request. Requests without the value are not counted.</summary>
public sealed record ThrottlingRuleOptions
{
    /// <summary>Name of the request header with the value; one of Header, Query and Path.</summary>
    public string? Header { get; init; }

    /// <summary>Name of the query parameter with the value; one of Header, Query and Path.</summary>
    public string? Query { get; init; }

    /// <summary>Name of the path parameter with the value; one of Header, Query and Path.</summary>
    public string? Path { get; init; }

    /// <summary>Requests with the same value. Required.</summary>
    [Range(1, 1_000_000_000)]
    public long? Limit { get; init; }

    /// <summary>The unit of time; default: the policy's.</summary>
    public ThrottlingUnit? Unit { get; init; }
}

/// <summary>Units of time of a limit.</summary>
public enum ThrottlingUnit
{
    /// <summary>A bucket that holds the limit and refills steadily within a second.</summary>
    Second,

    /// <summary>From each full minute, UTC, to the next.</summary>
    Minute,

    /// <summary>From each full hour, UTC, to the next.</summary>
    Hour,

    /// <summary>From midnight, UTC, to the next.</summary>
    Day,
}

/// <summary>Headers that tell clients how much of a limit is left.</summary>
public enum ThrottlingHeaders
{
    /// <summary>None but <c>Retry-After</c> on 429, as in the cloud.</summary>
    None,

    /// <summary><c>RateLimit-Limit</c>, <c>RateLimit-Remaining</c> and <c>RateLimit-Reset</c> of the limit that is nearest.</summary>
    RateLimit,

    /// <summary>The same with <c>X-</c> before the names.</summary>
    XRateLimit,
}
