using CsCheck;
using Gateway.Policies.Authentication;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>Lessons HM-02 (no replay), HM-04 (a refusal burns no nonce) and HM-05 (bounded).</summary>
public class NonceTableTests
{
    private const int Roomy = 1_000_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryUse_SecondTime_IsUsed()
    {
        using var table = new NonceTable(_time);

        Assert.Equal(NonceUse.Fresh, Use(table, 1));
        Assert.Equal(NonceUse.Used, Use(table, 1));
        Assert.Equal(NonceUse.Fresh, Use(table, 2));
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void TryUse_OfZero_IsANonceLikeAnyOther()
    {
        using var table = new NonceTable(_time);

        Assert.Equal(NonceUse.Fresh, Use(table, UInt128.Zero));
        Assert.Equal(NonceUse.Used, Use(table, UInt128.Zero));
        Assert.Equal(NonceUse.Fresh, Use(table, UInt128.MaxValue));
    }

    [Fact]
    public async Task TryUse_TwoThousandRacingCalls_ExactlyOneIsFresh()
    {
        using var table = new NonceTable(_time);
        for (var round = 0; round < 20; round++)
        {
            var nonce = (UInt128)round << 100;
            using var start = new Barrier(8);
            var uses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return Enumerable.Range(0, 250).Select(_ => Use(table, nonce)).ToArray();
                },
                TaskCreationOptions.LongRunning)));

            Assert.Equal(2000, uses.Sum(static part => part.Length));
            Assert.Single(uses.SelectMany(static part => part), NonceUse.Fresh);
        }
    }

    [Fact]
    public async Task TryUse_RacingForTheLastPlaces_FillsExactlyToTheCapacity()
    {
        const int capacity = 5000;
        using var table = new NonceTable(_time);

        var fresh = await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(
            () => Enumerable.Range(0, 4000).Count(i => Use(table, (UInt128)((thread * 4000) + i + 1), capacity: capacity) == NonceUse.Fresh))));

        Assert.Equal(capacity, fresh.Sum());
        Assert.Equal(capacity, table.Count);
    }

    [Fact]
    public void TryUse_AtTheEndOfTheLifetime_IsStillUsed()
    {
        using var table = new NonceTable(_time);
        Use(table, 1);

        _time.Advance(Lifetime);

        Assert.Equal(NonceUse.Used, Use(table, 1));
    }

    [Fact]
    public void TryUse_AfterTwiceTheLifetime_IsFreshAgain()
    {
        using var table = new NonceTable(_time);
        Use(table, 1);

        _time.Advance((2 * Lifetime) + TimeSpan.FromTicks(1));

        Assert.Equal(NonceUse.Fresh, Use(table, 1));
    }

    [Fact]
    public void TryUse_WhenFull_RefusesNewNoncesAndKeepsTheOldOnes()
    {
        using var table = new NonceTable(_time);
        for (var i = 1; i <= 1000; i++)
        {
            Assert.Equal(NonceUse.Fresh, Use(table, (UInt128)i, capacity: 1000));
        }

        Assert.Equal(NonceUse.Full, Use(table, 5000, capacity: 1000));
        Assert.All(Enumerable.Range(1, 1000), i => Assert.Equal(NonceUse.Used, Use(table, (UInt128)i, capacity: 1000)));
        Assert.Equal(1000, table.Count);
    }

    [Fact]
    public void TryUse_WhenFull_TakesNewNoncesOnceTheOldOnesHaveEnded()
    {
        using var table = new NonceTable(_time);
        for (var i = 1; i <= 1000; i++)
        {
            Use(table, (UInt128)i, capacity: 1000);
        }

        _time.Advance(2 * Lifetime);

        Assert.Equal(NonceUse.Fresh, Use(table, 5000, capacity: 1000));
    }

    [Fact]
    public void TryUse_WithANewCapacity_CountsWhatIsThere()
    {
        using var table = new NonceTable(_time);
        Use(table, 1, capacity: 2);
        Use(table, 2, capacity: 2);

        Assert.Equal(NonceUse.Full, Use(table, 3, capacity: 2));
        Assert.Equal(NonceUse.Fresh, Use(table, 3, capacity: 3));
        Assert.Equal(NonceUse.Full, Use(table, 4, capacity: 1));
    }

    [Fact]
    public async Task Release_OfANonce_MakesItFreshAgain()
    {
        using var table = new NonceTable(_time);
        Use(table, 1);
        Use(table, 2);

        await table.ReleaseAsync(1);
        await table.ReleaseAsync(3);

        Assert.Equal(1, table.Count);
        Assert.Equal(NonceUse.Fresh, Use(table, 1));
        Assert.Equal(NonceUse.Used, Use(table, 2));
    }

    [Fact]
    public async Task Release_OfANonceOfTheOlderGeneration_MakesItFreshAgain()
    {
        using var table = new NonceTable(_time);
        Use(table, 1);
        _time.Advance(Lifetime / 2);
        for (var i = 10; i < 500; i++)
        {
            Use(table, (UInt128)i); // Every shard has moved on.
        }

        await table.ReleaseAsync(1);

        Assert.Equal(490, table.Count);
        Assert.Equal(NonceUse.Fresh, Use(table, 1));
    }

    /// <summary>Any sequence of uses, releases and passing time against a dictionary of the times at which nonces were used.</summary>
    [Fact]
    public void TryUse_AnySequence_NeverForgetsALiveNonceNorKeepsOneForLongerThanTwice()
        => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40], Gen.Int[1, 20], static (action, nonce, minutes) => (action, nonce, minutes)).Array[1, 300].Sample(
            steps =>
            {
                var time = new FakeTimeProvider();
                using var table = new NonceTable(time);
                var usedAt = new Dictionary<int, (DateTimeOffset At, TimeSpan Lifetime)>();
                foreach (var (action, nonce, minutes) in steps)
                {
                    switch (action)
                    {
                        case 0:
                            time.Advance(TimeSpan.FromMinutes(minutes));
                            break;
                        case 1:
                            table.ReleaseAsync((UInt128)nonce << 60).AsTask().Wait();
                            usedAt.Remove(nonce);
                            break;
                        default:
                            var use = Use(table, (UInt128)nonce << 60, TimeSpan.FromMinutes(30));
                            var age = usedAt.TryGetValue(nonce, out var used) ? time.GetUtcNow() - used.At : TimeSpan.MaxValue;
                            Assert.True(age > Lifetime || use == NonceUse.Used);
                            Assert.True(age <= 2 * Lifetime || use == NonceUse.Fresh);
                            if (use == NonceUse.Fresh)
                            {
                                usedAt[nonce] = (time.GetUtcNow(), Lifetime);
                            }

                            break;
                    }
                }
            },
            iter: 500);

    /// <summary>A reload may change the lifetime: what was promised a nonce before holds, and soon the new one does.</summary>
    [Fact]
    public void TryUse_AfterTheLifetimeChanged_KeepsEachNonceForItsOwn()
    {
        using var table = new NonceTable(_time);
        Use(table, 1, TimeSpan.FromHours(2));
        for (var minute = 0; minute < 120; minute++)
        {
            Use(table, (UInt128)(1000 + minute), TimeSpan.FromMinutes(1));
            Assert.Equal(NonceUse.Used, Use(table, 1, TimeSpan.FromMinutes(1)));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(NonceUse.Fresh, Use(table, 1, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void TryUse_OfAReplay_AllocatesNothing()
    {
        using var table = new NonceTable(_time);
        Use(table, 1);
        Use(table, 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Use(table, 1);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Whichever few bits nonces differ in, they spread over shards (upper bits) and slots (lower bits).</summary>
    [Fact]
    public void Hash_OfNoncesThatDifferInFewBits_Spreads()
    {
        const int many = 4096;
        var random = new Random(3);
        for (var shift = 0; shift <= 116; shift++)
        {
            var hash = new NonceHash((ulong)random.NextInt64(), (ulong)random.NextInt64());
            var hashes = Enumerable.Range(1, many).Select(i => hash.Of((UInt128)i << shift)).ToArray();

            Assert.InRange(hashes.CountBy(static value => value >> 58).Max(static shard => shard.Value), many / 64, many / 8);
            Assert.InRange(hashes.Select(static value => value & 0xFFFF).Distinct().Count(), many / 2, many);
        }
    }

    [Fact]
    public void Hash_OfTwoTables_Differs() => Assert.NotEqual(NonceHash.Create().Of(1), NonceHash.Create().Of(1));

    private static NonceUse Use(NonceTable table, UInt128 nonce, TimeSpan? lifetime = null, int capacity = Roomy)
    {
        var use = table.TryUseAsync(nonce, lifetime ?? Lifetime, capacity);
        return use.IsCompletedSuccessfully ? use.Result : throw new InvalidOperationException("The table waits for nothing.");
    }
}
