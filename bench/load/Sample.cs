namespace Gateway.Bench.Load;

/// <summary>What one round gave.</summary>
/// <param name="Answers">Requests that were answered as they should be.</param>
/// <param name="Elapsed">How long the round took.</param>
/// <param name="Cpu">User and system time that the server's process used meanwhile.</param>
/// <param name="Others">Share of the server's core that other processes took, 0 to 1; 0 where it cannot be told.</param>
/// <param name="Failures">What went wrong, one text a connection.</param>
internal sealed record Sample(long Answers, TimeSpan Elapsed, TimeSpan Cpu, double Others, IReadOnlyList<string> Failures)
{
    /// <summary>CPU time a request cost, in microseconds.</summary>
    public double Cost => Cpu.TotalMicroseconds / Answers;

    /// <summary>Requests a second.</summary>
    public double Rate => Answers / Elapsed.TotalSeconds;
}
