namespace Gateway.Policies.Throttling;

/// <summary>What is known of one counter: the requests of a window, or what a token bucket lacks. The default is a counter never used.</summary>
/// <param name="FreshAt">
/// UTC ticks from when on the counter is as good as never used: the end of the window; with a bucket, a second after it was last looked at.
/// </param>
/// <param name="Used">
/// Requests in the window; with a bucket, the missing tokens, in units of which one token has <see cref="TimeSpan.TicksPerSecond"/>, so that
/// a limit of n refills exactly n units each tick and nothing is ever rounded.
/// </param>
internal readonly record struct Counter(long FreshAt, long Used)
{
    private const long Token = TimeSpan.TicksPerSecond;

    /// <summary>The counter as it stands at <paramref name="now"/>.</summary>
    /// <remarks>
    /// A clock that stepped back takes the counter along into the present: what was used stays used, and nobody waits longer than one window.
    /// </remarks>
    /// <param name="now">UTC ticks.</param>
    /// <param name="unit">Unit of the limit.</param>
    /// <param name="allowed">Requests a unit, at most 1,000,000,000. It may have changed since the last time.</param>
    public Counter At(long now, ThrottlingUnit unit, long allowed)
    {
        if (unit == ThrottlingUnit.Second)
        {
            var elapsed = Math.Clamp(now - (FreshAt - TimeSpan.TicksPerSecond), 0, TimeSpan.TicksPerSecond);
            return new Counter(now + TimeSpan.TicksPerSecond, Math.Clamp(Used - (elapsed * allowed), 0, allowed * Token));
        }

        var length = LengthOf(unit);
        var end = now - (now % length) + length;
        return new Counter(end, FreshAt < end ? 0 : Used);
    }

    /// <summary>The counter after one more request.</summary>
    public Counter Charge(ThrottlingUnit unit) => this with { Used = Used + (unit == ThrottlingUnit.Second ? Token : 1) };

    /// <summary>Requests that would still be admitted now.</summary>
    public long Remaining(ThrottlingUnit unit, long allowed)
        => Math.Max(0, unit == ThrottlingUnit.Second ? ((allowed * Token) - Used) / Token : allowed - Used);

    /// <summary>Ticks until one more request is admitted, if nobody else comes; 0 when it is admitted now.</summary>
    /// <param name="now">The time that <see cref="At"/> was given.</param>
    /// <param name="unit">Unit of the limit.</param>
    /// <param name="allowed">Requests a unit.</param>
    public long Wait(long now, ThrottlingUnit unit, long allowed)
        => Remaining(unit, allowed) > 0 ? 0
            : unit == ThrottlingUnit.Second ? DivideUp(Used + Token - (allowed * Token), allowed)
            : FreshAt - now;

    /// <summary>Ticks until all of the limit is there again.</summary>
    /// <param name="now">The time that <see cref="At"/> was given.</param>
    /// <param name="unit">Unit of the limit.</param>
    /// <param name="allowed">Requests a unit.</param>
    public long Reset(long now, ThrottlingUnit unit, long allowed)
        => unit == ThrottlingUnit.Second ? DivideUp(Used, allowed) : FreshAt - now;

    /// <summary>The quotient, rounded up.</summary>
    public static long DivideUp(long dividend, long divisor) => (dividend + divisor - 1) / divisor;

    /// <summary>Length of a window in ticks. All are whole parts of a day, so multiples of them since year 1 lie on UTC's boundaries.</summary>
    private static long LengthOf(ThrottlingUnit unit) => unit switch
    {
        ThrottlingUnit.Minute => TimeSpan.TicksPerMinute,
        ThrottlingUnit.Hour => TimeSpan.TicksPerHour,
        _ => TimeSpan.TicksPerDay,
    };
}
