using System.Runtime.CompilerServices;
using CsCheck;
using Gateway.Policies.Throttling;

namespace Gateway.Policies.Tests.Throttling;

public class CounterShardTests
{
    private const long Now = 1000;

    private static Hash128 Key(int number) => new((ulong)number * 0x9E3779B97F4A7C15, (ulong)number);

    private static int Add(CounterShard shard, int number, int bound, long freshAt = Now + 1, bool isKept = false)
    {
        var forgotten = 0;
        shard.Add(Key(number), isKept, bound, Now, ref forgotten) = new Counter(freshAt, number);
        return forgotten;
    }

    private static long? Find(CounterShard shard, int number)
    {
        ref var counter = ref shard.Find(Key(number));
        return Unsafe.IsNullRef(ref counter) ? null : counter.Used;
    }

    /// <summary>Against a dictionary: what is there is right, what is missing was forgotten for the bound, and the bound holds.</summary>
    [Fact]
    public void Shard_WhateverComes_HoldsWhatItShould()
        => Gen.Select(Gen.Int[1, 60], Gen.Int[0, 300].Array[0, 500]).Sample((bound, numbers) =>
        {
            var shard = new CounterShard();
            var added = new HashSet<int>();
            var forgotten = 0;
            foreach (var number in numbers)
            {
                if (Find(shard, number) is not { } used)
                {
                    forgotten += Add(shard, number, bound);
                    added.Add(number);
                    used = Find(shard, number)!.Value;
                }

                Assert.Equal(number, used);
                Assert.InRange(shard.Count, 1, bound);
            }

            var found = added.Where(number => Find(shard, number) is not null).ToArray();
            Assert.All(found, number => Assert.Equal(number, Find(shard, number)));
            Assert.Equal(shard.Count, found.Length);
            Assert.True(added.Count > bound || forgotten == 0);
            Assert.Equal(Math.Min(bound, added.Count), shard.Count);
        }, iter: 300);

    /// <summary>RL-22.</summary>
    [Fact]
    public void Add_BeyondTheBound_ForgetsTheOldest()
    {
        var shard = new CounterShard();
        for (var i = 0; i < 150; i++)
        {
            Add(shard, i, bound: 100);
        }

        Assert.All(Enumerable.Range(0, 49), number => Assert.Null(Find(shard, number)));
        Assert.All(Enumerable.Range(52, 98), number => Assert.NotNull(Find(shard, number)));
    }

    [Fact]
    public void Add_BeyondTheBound_SparesWhatIsUsedAgain()
    {
        var shard = new CounterShard();
        for (var i = 0; i < 10_000; i++)
        {
            Add(shard, i, bound: 100);
            Assert.Equal(0, Find(shard, 0)); // Comes again and again, through a hundred floods.
        }
    }

    [Fact]
    public void Add_BeyondTheBound_TakesWhatHasRunOutFirst()
    {
        var shard = new CounterShard();
        for (var i = 0; i < 100; i++)
        {
            Add(shard, i, bound: 100, freshAt: i % 2 == 0 ? Now : Now + 1);
        }

        var forgotten = Enumerable.Range(100, 50).Sum(number => Add(shard, number, bound: 100));

        Assert.Equal(0, forgotten);
        Assert.All(Enumerable.Range(0, 100), number => Assert.Equal(number % 2 == 1, Find(shard, number) is not null));
    }

    [Fact]
    public void Add_BeyondTheBound_NeverForgetsACounterThatIsKept_UntilItHasRunOut()
    {
        var shard = new CounterShard();
        for (var i = 0; i < 20; i++)
        {
            Add(shard, i, bound: 10, isKept: true);
        }

        for (var i = 20; i < 1000; i++)
        {
            Add(shard, i, bound: 10);
        }

        Assert.All(Enumerable.Range(0, 20), number => Assert.Equal(number, Find(shard, number)));
        Assert.InRange(shard.Count, 20, 21);

        var forgotten = 0;
        shard.Add(Key(5000), isKept: false, bound: 10, Now + 2, ref forgotten);
        Assert.InRange(shard.Count, 1, 10);
    }

    [Fact]
    public void Add_AfterTheBoundWasLowered_ForgetsDownToIt()
    {
        var shard = new CounterShard();
        for (var i = 0; i < 5000; i++)
        {
            Add(shard, i, bound: 5000);
        }

        Assert.Equal(4901, Add(shard, 5000, bound: 100));
        Assert.Equal(1, Add(shard, 5001, bound: 100));

        Assert.Equal(100, shard.Count);
        Assert.Equal(5001, Find(shard, 5001));
        Assert.Equal(100, Enumerable.Range(0, 5002).Count(number => Find(shard, number) is { } used && used == number));
    }
}
