using System.ComponentModel.DataAnnotations;

namespace Gateway.Policies.Throttling;

/// <summary>The section <c>Gateway:ThrottlingState</c>: what the counters of all throttling policies may take.</summary>
public sealed record ThrottlingStateOptions
{
    /// <summary>Counters kept at once, at about 64 bytes each. Beyond it the one that was used longest ago is forgotten.</summary>
    [Range(1000, 100_000_000)]
    public int MaxCounters { get; init; } = 1_000_000;
}
