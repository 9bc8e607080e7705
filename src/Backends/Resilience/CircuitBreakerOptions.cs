using System.ComponentModel.DataAnnotations;
using Gateway.Contracts;

namespace Gateway.Backends.Resilience;

/// <summary>Refuses calls of a backend with <c>D503CB</c> for a while after too many have failed. Counted, not rated, as in the cloud gateway.</summary>
public sealed record CircuitBreakerOptions
{
    /// <summary>Calls that time out within <see cref="Window"/> and so open the circuit.</summary>
    [Range(1, 100_000)]
    public int Timeouts { get; init; } = 1000;

    /// <summary>Failed calls within <see cref="Window"/> that open the circuit: timeouts, failed connections, answers from 500 up, failed functions; absent to count timeouts only.</summary>
    [Range(1, 100_000)]
    public int? Errors { get; init; }

    /// <summary>Sliding time in which failures are counted; the cloud takes 10s to 90s.</summary>
    [Between("1s", "10m")]
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that the circuit stays open; then one call at a time is let through, and the first that succeeds closes it. The cloud takes 15s to 300s.</summary>
    [Between("1s", "1h")]
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(90);
}
