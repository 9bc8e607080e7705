namespace Gateway.Contracts.Tests;

public class ConcurrencyGateTests
{
    [Fact]
    public async Task Gate_UnderManyThreads_NeverPassesItsLimit()
    {
        var gate = new ConcurrencyGate();
        var (running, most) = (0, 0);
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, (_, _) =>
        {
            if (gate.TryEnter(3))
            {
                var now = Interlocked.Increment(ref running);
                for (var seen = most; now > seen; seen = Interlocked.CompareExchange(ref most, now, seen))
                {
                    // Until the highest is noted.
                }

                Interlocked.Decrement(ref running);
                gate.Leave();
            }

            return default;
        });

        Assert.InRange(most, 1, 3);
        Assert.Equal(0, gate.Running);
        Assert.True(gate.TryEnter(2) && gate.TryEnter(2));
        Assert.False(gate.TryEnter(2));
        Assert.True(gate.TryEnter(3)); // A reload may raise the limit of what is under way.
    }
}
