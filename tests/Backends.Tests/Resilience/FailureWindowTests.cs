using CsCheck;
using Gateway.Backends.Resilience;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Backends.Tests.Resilience;

public class FailureWindowTests
{
    /// <summary>True exactly when so many failures, this one included, lie within the window: as counting all of them would say.</summary>
    [Fact]
    public void Add_OfAnyFailures_CountsThoseWithinTheWindow()
        => Gen.Select(Gen.Int[1, 5], Gen.Int[0, 20].Array[1, 30]).Sample((threshold, gaps) =>
        {
            var window = TimeSpan.FromSeconds(30);
            var time = new FakeTimeProvider();
            var failures = new FailureWindow(threshold, window, time);
            var times = new List<DateTimeOffset>();
            foreach (var gap in gaps)
            {
                time.Advance(TimeSpan.FromSeconds(gap));
                times.Add(time.GetUtcNow());

                Assert.Equal(times.Count(at => time.GetUtcNow() - at <= window) >= threshold, failures.Add());
            }
        });

    [Fact]
    public void Clear_ForgetsAll()
    {
        var failures = new FailureWindow(2, TimeSpan.FromSeconds(30), new FakeTimeProvider());
        failures.Add();
        failures.Clear();

        Assert.False(failures.Add());
        Assert.True(failures.Add());
    }

    [Fact]
    public void ConcurrencyLimit_UnderManyThreads_IsNeverExceededAndEndsFree()
    {
        var limit = new ConcurrencyLimit(3);
        var (inside, most, entered) = (0, 0, 0);

        Parallel.For(0, 20_000, _ =>
        {
            if (limit.TryEnter())
            {
                var now = Interlocked.Increment(ref inside);
                Interlocked.Increment(ref entered);
                InterlockedMax(ref most, now);
                Interlocked.Decrement(ref inside);
                limit.Leave();
            }
        });

        Assert.InRange(most, 1, 3);
        Assert.True(entered > 0);
        Assert.True(limit.TryEnter() && limit.TryEnter() && limit.TryEnter());
        Assert.False(limit.TryEnter());
    }

    private static void InterlockedMax(ref int target, int value)
    {
        var seen = Volatile.Read(ref target);
        while (seen < value && Interlocked.CompareExchange(ref target, value, seen) is var found && found != seen)
        {
            seen = found;
        }
    }
}
