namespace Gateway.Management;

/// <summary>Whether new requests should be sent here: only between the listeners' opening and the first signal to stop.</summary>
/// <remarks>A configuration that is not valid never starts the program, and one that is refused later leaves the last good one serving, so both end here.</remarks>
internal sealed class Readiness(IHostApplicationLifetime lifetime)
{
    /// <summary>Why the gateway is not ready, in one word; null when it is.</summary>
    public string? Obstacle
        => IsDraining ? "draining"
            : lifetime.ApplicationStarted.IsCancellationRequested ? null
            : "starting";

    /// <summary>True from the first signal to stop: what still comes is served, but should be the last on its connection.</summary>
    public bool IsDraining => lifetime.ApplicationStopping.IsCancellationRequested;
}
