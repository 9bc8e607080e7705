namespace Gateway.Policies.Authentication;

/// <summary>The nonces that this process has seen: a bounded table in memory. Thread safe; one for all APIs, over all reloads.</summary>
/// <remarks>
/// No entry has a time of its own. Each shard keeps two generations: new entries go into the current one, and when the one before it has
/// ended, it is dropped whole and the current one takes its place. So an entry lives for its lifetime at least, for twice that at most
/// while there are calls, and costs 21 to 43 bytes. A live entry never makes room for another: that would allow a replay.
/// </remarks>
internal sealed class NonceTable : INonceStore, IDisposable
{
    private const int ShardBits = 6;

    /// <summary>How often memory of ended generations is given back when no calls do it.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly Shard[] _shards = new Shard[1 << ShardBits];
    private readonly NonceHash _hash = NonceHash.Create();
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;

    /// <summary>Entries of all shards, those of the older generations included.</summary>
    private long _count;

    /// <param name="time">The clock by which timestamps of requests are judged: if it is put back, they and their nonces live on together.</param>
    public NonceTable(TimeProvider time)
    {
        _time = time;
        for (var i = 0; i < _shards.Length; i++)
        {
            _shards[i] = new Shard(_hash);
        }

        _sweep = time.CreateTimer(static table => ((NonceTable)table!).Sweep(), this, SweepInterval, SweepInterval);
    }

    /// <summary>Number of nonces held, some of which may have ended.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <inheritdoc/>
    public ValueTask<NonceUse> TryUseAsync(UInt128 nonce, TimeSpan lifetime, int capacity)
    {
        var value = Normalize(nonce);
        var shard = ShardOf(value);
        var now = _time.GetUtcNow().Ticks;
        lock (shard.Lock)
        {
            DropEnded(shard, now);
            if (shard.Contains(value))
            {
                return new(NonceUse.Used);
            }

            if (Interlocked.Increment(ref _count) <= capacity)
            {
                shard.Add(value, now + lifetime.Ticks);
                return new(NonceUse.Fresh);
            }

            Interlocked.Decrement(ref _count);
            return new(NonceUse.Full);
        }
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(UInt128 nonce)
    {
        var value = Normalize(nonce);
        var shard = ShardOf(value);
        lock (shard.Lock)
        {
            if (shard.Remove(value))
            {
                Interlocked.Decrement(ref _count);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _sweep.Dispose();

    /// <summary>Zero marks a free slot, so it stands in for one; no hash is ever either.</summary>
    private static UInt128 Normalize(UInt128 nonce) => nonce == UInt128.Zero ? UInt128.One : nonce;

    private Shard ShardOf(UInt128 value) => _shards[_hash.Of(value) >> (64 - ShardBits)];

    private void Sweep()
    {
        var now = _time.GetUtcNow().Ticks;
        foreach (var shard in _shards)
        {
            lock (shard.Lock)
            {
                DropEnded(shard, now);
            }
        }
    }

    private void DropEnded(Shard shard, long now)
    {
        if (shard.DropEnded(now) is > 0 and var dropped)
        {
            Interlocked.Add(ref _count, -dropped);
        }
    }

    /// <summary>One part of the table. Everything but <see cref="Lock"/> is used under that lock.</summary>
    private sealed class Shard(NonceHash hash)
    {
        private NonceSet _current = new(hash);
        private NonceSet _previous = new(hash);

        /// <summary>When the last of the entries ends, in ticks, inclusive; 0 when there has been none.</summary>
        private long _currentUntil;
        private long _previousUntil;

        public Lock Lock { get; } = new();

        public bool Contains(UInt128 value) => _current.Contains(value) || _previous.Contains(value);

        public void Add(UInt128 value, long until)
        {
            _current.Add(value);
            _currentUntil = Math.Max(_currentUntil, until);
        }

        public bool Remove(UInt128 value) => _current.Remove(value) || _previous.Remove(value);

        /// <summary>Starts a new generation if the older one has ended; drops both if both have.</summary>
        /// <returns>Number of entries dropped.</returns>
        public int DropEnded(long now)
        {
            var dropped = 0;
            while (_previousUntil < now && (_previousUntil | _currentUntil) != 0)
            {
                dropped += _previous.Count;
                (_previous, _previousUntil) = (_current, _currentUntil);
                (_current, _currentUntil) = (new NonceSet(hash), 0);
            }

            return dropped;
        }
    }
}
