using Gateway.Contracts;

namespace Gateway.Hosting;

/// <summary>The section <c>Gateway:Shutdown</c>: what happens between the signal to stop and the end. Read at start; a change needs a restart.</summary>
public sealed record ShutdownOptions
{
    /// <summary>How long requests are still served after the signal, while load balancers learn that the gateway is going; default: 0s in Development, 5s elsewhere.</summary>
    [Between("0s", "10m")]
    public TimeSpan? DrainDelay { get; init; }

    /// <summary>Longest time from the signal to the end, the delay included; what is still under way then is cut off. Keep it below the orchestrator's own.</summary>
    [Between("1s", "1h")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>The part of <see cref="Timeout"/> for delay and calls; the rest is for writing out logs and telemetry.</summary>
    internal TimeSpan HostTimeout => Timeout * 0.9;

    /// <summary>The delay that holds in an environment.</summary>
    /// <param name="isDevelopment">True on a developer's machine, where nothing balances load and Ctrl+C should be quick.</param>
    public TimeSpan DrainDelayFor(bool isDevelopment) => DrainDelay ?? (isDevelopment ? TimeSpan.Zero : TimeSpan.FromSeconds(5));
}
