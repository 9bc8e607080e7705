using System.ComponentModel.DataAnnotations;
using Gateway.Contracts;

namespace Gateway.Backends.Resilience;

/// <summary>Sends a slow call a second time and takes the answer that comes first. For GET, HEAD and OPTIONS without a body; others are sent once.</summary>
public sealed record HedgingOptions
{
    /// <summary>Time without an answer after which the call is sent once more, to another healthy address where there is one.</summary>
    [Between("1ms", "1h")]
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Further sends beside the first.</summary>
    [Range(1, 5)]
    public int Attempts { get; init; } = 1;
}
