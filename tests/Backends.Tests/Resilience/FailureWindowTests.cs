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
}
