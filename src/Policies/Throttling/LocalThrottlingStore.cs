using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Gateway.Policies.Throttling;

/// <summary>The counters of this process. They outlive a reload, because they are named after policies and APIs, not held by them.</summary>
/// <remarks>
/// A call locks the shards of its counters, in order of their numbers, and then checks and charges all of them. Charging one after the other
/// and taking back would do without locks, but for a moment counts requests that are refused in the end, and so refuses others wrongly. An
/// uncontended lock costs 10 ns, and the shard of a busy API is contended no more than a compare-and-swap on its counter would be.
/// </remarks>
internal sealed class LocalThrottlingStore : IThrottlingStore
{
    private const int ShardCount = 16;

    private readonly CounterShard[] _shards = [.. Enumerable.Range(0, ShardCount).Select(static _ => new CounterShard())];
    private readonly TimeProvider _time;
    private readonly PolicyMetrics _metrics;
    private readonly ILogger<LocalThrottlingStore> _logger;
    private readonly KeyedHash _hash = KeyedHash.CreateRandom();
    private long _forgottenLogAt;

    /// <summary>Starts without counters, and with a secret of its own.</summary>
    public LocalThrottlingStore(TimeProvider time, PolicyMetrics metrics, ILogger<LocalThrottlingStore> logger)
    {
        _time = time;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Counters held; a moment's estimate.</summary>
    public int Count => _shards.Sum(static shard => shard.Count);

    public Hash128 CreateKey(Hash128 limit, ReadOnlySpan<byte> value) => _hash.Compute(limit, value);

    public ValueTask<bool> ChargeAsync(Memory<ThrottlingCharge> charges, int maxCounters) => new(Charge(charges.Span, maxCounters));

    private bool Charge(Span<ThrottlingCharge> charges, int maxCounters)
    {
        var shards = 0u;
        foreach (ref readonly var charge in charges)
        {
            shards |= 1u << ShardOf(charge.Key);
        }

        var forgotten = 0;
        long now;
        bool isAdmitted;
        Enter(shards);
        try
        {
            now = _time.GetUtcNow().UtcTicks; // Under the locks, or two calls could see time run backwards and refill a bucket twice.
            isAdmitted = Check(charges, now);
            if (isAdmitted)
            {
                ChargeAll(charges, now, Math.Max(1, maxCounters / ShardCount), ref forgotten);
            }
        }
        finally
        {
            Exit(shards);
        }

        if (forgotten > 0)
        {
            _metrics.StoreFailed("local", forgotten);
            WarnOfForgotten(now, maxCounters);
        }

        return isAdmitted;
    }

    /// <summary>Notes how all limits stand, and whether each admits one more.</summary>
    private bool Check(Span<ThrottlingCharge> charges, long now)
    {
        var isAdmitted = true;
        foreach (ref var charge in charges)
        {
            var (unit, allowed) = (charge.Limit.Unit, charge.Allowed);
            ref var found = ref _shards[ShardOf(charge.Key)].Find(charge.Key);
            Counter counter;
            if (Unsafe.IsNullRef(ref found))
            {
                counter = default(Counter).At(now, unit, allowed);
            }
            else
            {
                counter = found = found.At(now, unit, allowed); // Kept although nothing is charged yet: the clock may have stepped back.
            }

            var wait = counter.Wait(now, unit, allowed);
            charge.Settle(counter.Remaining(unit, allowed), wait, counter.Reset(now, unit, allowed));
            isAdmitted &= wait == 0;
        }

        return isAdmitted;
    }

    private void ChargeAll(Span<ThrottlingCharge> charges, long now, int bound, ref int forgotten)
    {
        foreach (ref var charge in charges)
        {
            var (unit, allowed) = (charge.Limit.Unit, charge.Allowed);
            var shard = _shards[ShardOf(charge.Key)];
            ref var counter = ref shard.Find(charge.Key);
            if (Unsafe.IsNullRef(ref counter))
            {
                counter = ref shard.Add(charge.Key, charge.Limit.HasNamedCounters, bound, now, ref forgotten);
                counter = counter.At(now, unit, allowed);
            }

            counter = counter.Charge(unit);
            charge.Settle(counter.Remaining(unit, allowed), 0, counter.Reset(now, unit, allowed));
        }
    }

    private void Enter(uint shards)
    {
        for (; shards != 0; shards &= shards - 1)
        {
            _shards[BitOperations.TrailingZeroCount(shards)].Lock.Enter();
        }
    }

    private void Exit(uint shards)
    {
        for (; shards != 0; shards &= shards - 1)
        {
            _shards[BitOperations.TrailingZeroCount(shards)].Lock.Exit();
        }
    }

    /// <summary>Says so at most once a minute: whoever causes it could else fill the log too.</summary>
    private void WarnOfForgotten(long now, int maxCounters)
    {
        var last = Volatile.Read(ref _forgottenLogAt);
        if (Math.Abs(now - last) >= TimeSpan.TicksPerMinute && Interlocked.CompareExchange(ref _forgottenLogAt, now, last) == last)
        {
            _logger.CountersForgotten(maxCounters);
        }
    }

    private static int ShardOf(Hash128 key) => (int)(key.Low % ShardCount);
}
