using CsCheck;
using Gateway.Policies.Throttling;

namespace Gateway.Policies.Tests.Throttling;

/// <summary>The two algorithms by themselves: a state, a time, an answer.</summary>
public class CounterTests
{
    private static readonly long Start = new DateTime(2028, 2, 29, 23, 59, 50, DateTimeKind.Utc).Ticks;

    private static readonly Gen<ThrottlingUnit> Units = Gen.Enum<ThrottlingUnit>();

    private static long LengthOf(ThrottlingUnit unit) => unit switch
    {
        ThrottlingUnit.Second => TimeSpan.TicksPerSecond,
        ThrottlingUnit.Minute => TimeSpan.TicksPerMinute,
        ThrottlingUnit.Hour => TimeSpan.TicksPerHour,
        _ => TimeSpan.TicksPerDay,
    };

    private static bool TryCharge(ref Counter counter, long now, ThrottlingUnit unit, long allowed)
    {
        counter = counter.At(now, unit, allowed);
        if (counter.Wait(now, unit, allowed) > 0)
        {
            return false;
        }

        counter = counter.Charge(unit);
        return true;
    }

    [Fact]
    public void Window_Ends_OnTheUtcBoundary_AlsoOverALeapDay()
    {
        Assert.Equal(TimeSpan.FromSeconds(10).Ticks, default(Counter).At(Start, ThrottlingUnit.Minute, 1).Reset(Start, ThrottlingUnit.Minute, 1));
        Assert.Equal(TimeSpan.FromSeconds(10).Ticks, default(Counter).At(Start, ThrottlingUnit.Hour, 1).Reset(Start, ThrottlingUnit.Hour, 1));
        Assert.Equal(TimeSpan.FromSeconds(10).Ticks, default(Counter).At(Start, ThrottlingUnit.Day, 1).Reset(Start, ThrottlingUnit.Day, 1));
        Assert.Equal(new DateTime(2028, 3, 1, 0, 0, 0, DateTimeKind.Utc).Ticks, default(Counter).At(Start, ThrottlingUnit.Day, 1).FreshAt);
    }

    [Fact]
    public void Bucket_HoldsTheLimit_AndRefillsSteadily()
    {
        var counter = default(Counter);
        var now = Start;
        for (var i = 0; i < 10; i++)
        {
            Assert.True(TryCharge(ref counter, now, ThrottlingUnit.Second, 10));
        }

        Assert.False(TryCharge(ref counter, now, ThrottlingUnit.Second, 10));
        Assert.Equal(TimeSpan.FromMilliseconds(100).Ticks, counter.Wait(now, ThrottlingUnit.Second, 10));

        now += TimeSpan.FromMilliseconds(100).Ticks - 1;
        Assert.False(TryCharge(ref counter, now, ThrottlingUnit.Second, 10));
        Assert.True(TryCharge(ref counter, now + 1, ThrottlingUnit.Second, 10));
        Assert.False(TryCharge(ref counter, now + 1, ThrottlingUnit.Second, 10));
    }

    /// <summary>Over any stretch of time a bucket admits its limit and what flows in, to the request, whatever the limit.</summary>
    [Fact]
    public void Bucket_UnderPressure_AdmitsTheLimitAndTheInflow()
        => Gen.Select(Gen.Int[2, 1000], Gen.Int[1, 5_000_000].Array[1, 200]).Sample((allowed, pauses) =>
        {
            var counter = default(Counter);
            var now = Start;
            long admitted = 0;
            foreach (var pause in pauses)
            {
                while (TryCharge(ref counter, now, ThrottlingUnit.Second, allowed))
                {
                    admitted++;
                }

                now += pause; // At most half a second: the bucket is never full again, so all that flows in can be used.
            }

            var inflow = (Int128)(now - pauses[^1] - Start) * allowed / TimeSpan.TicksPerSecond;
            Assert.Equal(allowed + (long)inflow, admitted);
        }, iter: 300);

    /// <summary>RL-06, RL-07, RL-08: exactly when the counter says so the next request is admitted, and not a tick before.</summary>
    [Fact]
    public void Wait_IsExact_ForEveryUnit()
        => Gen.Select(Units, Gen.Long[1, 50], Gen.Long[0, TimeSpan.TicksPerDay]).Sample((unit, allowed, offset) =>
        {
            var counter = default(Counter);
            var now = Start + offset;
            while (TryCharge(ref counter, now, unit, allowed))
            {
                Assert.True(counter.Remaining(unit, allowed) >= 0);
            }

            Assert.Equal(0, counter.Remaining(unit, allowed));
            var wait = counter.Wait(now, unit, allowed);
            Assert.InRange(wait, 1, LengthOf(unit));
            Assert.True(counter.Reset(now, unit, allowed) >= wait);
            Assert.NotEqual(0, counter.At(now + wait - 1, unit, allowed).Wait(now + wait - 1, unit, allowed));
            Assert.Equal(0, counter.At(now + wait, unit, allowed).Wait(now + wait, unit, allowed));
        }, iter: 500);

    /// <summary>RL-01, RL-03: at twice the limit for ten windows, each admits exactly the limit.</summary>
    [Fact]
    public void Window_AtTwiceTheLimit_AdmitsTheLimitEachTime()
    {
        var counter = default(Counter);
        var now = Start;
        for (var window = 0; window < 10; window++)
        {
            var admitted = 0;
            for (var i = 0; i < 100; i++)
            {
                admitted += TryCharge(ref counter, now + i, ThrottlingUnit.Minute, 50) ? 1 : 0;
            }

            Assert.Equal(50, admitted);
            now += TimeSpan.TicksPerMinute;
        }
    }

    /// <summary>A clock that steps back gives nothing away at once, and locks nobody out for longer than one window.</summary>
    [Fact]
    public void Clock_StepsBack_KeepsWhatWasUsed_AndEndsWithinAWindow()
        => Gen.Select(Units, Gen.Long[1, 20], Gen.Long[1, 400 * TimeSpan.TicksPerDay]).Sample((unit, allowed, step) =>
        {
            var counter = default(Counter);
            while (TryCharge(ref counter, Start, unit, allowed))
            {
                // Until it is used up.
            }

            var now = Start - step;
            Assert.False(TryCharge(ref counter, now, unit, allowed));
            var wait = counter.Wait(now, unit, allowed);
            Assert.InRange(wait, 1, LengthOf(unit));
            Assert.True(TryCharge(ref counter, now + wait, unit, allowed));
        }, iter: 300);

    [Theory]
    [InlineData(ThrottlingUnit.Second)]
    [InlineData(ThrottlingUnit.Day)]
    public void Counter_OfTheLargestLimit_DoesNotOverflow(ThrottlingUnit unit)
    {
        const long largest = 1_000_000_000;
        var counter = default(Counter).At(Start, unit, largest);

        Assert.Equal(largest, counter.Remaining(unit, largest));
        Assert.Equal(largest - 1, counter.Charge(unit).Remaining(unit, largest));
        var used = counter with { Used = unit == ThrottlingUnit.Second ? largest * TimeSpan.TicksPerSecond : largest };
        Assert.Equal(0, used.Remaining(unit, largest));
        Assert.InRange(used.Wait(Start, unit, largest), 1, LengthOf(unit));
        Assert.Equal(largest, used.At(Start + LengthOf(unit), unit, largest).Remaining(unit, largest));
    }

    [Theory]
    [InlineData(ThrottlingUnit.Second)]
    [InlineData(ThrottlingUnit.Minute)]
    public void Limit_Changed_GoesOnFromWhatWasUsed(ThrottlingUnit unit)
    {
        var counter = default(Counter);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(TryCharge(ref counter, Start, unit, 10));
        }

        Assert.Equal(5, counter.At(Start, unit, 15).Remaining(unit, 15));
        Assert.Equal(0, counter.At(Start, unit, 3).Remaining(unit, 3));
        Assert.InRange(counter.At(Start, unit, 3).Wait(Start, unit, 3), 1, LengthOf(unit));
    }
}
