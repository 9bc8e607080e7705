using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gateway.Policies.Throttling;

/// <summary>A part of the counters: a chained hash table in two arrays, 44 bytes a counter, that forgets instead of growing beyond its bound.</summary>
/// <remarks>
/// Hold <see cref="Lock"/> around every other member; a reference given out is good until the next counter is added. What has run out goes
/// first, then what was used longest ago, as a clock's hand finds it (second chance): a counter used again since the hand last passed is
/// spared once. A new one has no such merit yet, so that a flood of values that come once pushes out itself, not the counters in use.
/// </remarks>
internal sealed class CounterShard
{
    private const int None = -1;
    private const int SmallestSize = 16;

    /// <summary>Slots looked at for counters that have run out, before one that has not is forgotten.</summary>
    private const int SweepLength = 16;

    private int[] _heads = NewHeads(SmallestSize);
    private Slot[] _slots = new Slot[SmallestSize];
    private int _hand = None;
    private int _broom = None;

    /// <summary>Guards the shard.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Counters held.</summary>
    public int Count { get; private set; }

    /// <summary>The counter of a key, marked as used; a null reference when there is none.</summary>
    public ref Counter Find(Hash128 key)
    {
        for (var index = HeadOf(key); index != None; index = _slots[index].Next)
        {
            ref var slot = ref _slots[index];
            if (slot.Key == key)
            {
                slot.IsUsedAgain = true;
                return ref slot.Counter;
            }
        }

        return ref Unsafe.NullRef<Counter>();
    }

    /// <summary>Adds a counter for a key that has none, forgetting others as far as the bound asks for it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isKept">True for counters that exist once for each name in the configuration: they go only when they have run out, whatever the bound.</param>
    /// <param name="bound">Counters that the shard may hold.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="forgotten">Raised by the number of counters that were forgotten before they had run out.</param>
    public ref Counter Add(Hash128 key, bool isKept, int bound, long now, scoped ref int forgotten)
    {
        var index = None;
        if (Count >= bound)
        {
            SweepRunOut(now);
            forgotten += RemoveSurplus(bound, now);
            if (Count >= bound && (index = FindVictim(now)) != None)
            {
                forgotten++;
                LinkTo(index) = _slots[index].Next;
            }
        }

        if (index == None)
        {
            if (Count == _slots.Length)
            {
                Resize(Count < bound ? (int)Math.Min(2L * Count, bound) : Count + (Count / 8) + 1);
            }

            index = Count++;
        }

        ref var head = ref HeadOf(key);
        ref var slot = ref _slots[index];
        slot = new Slot { Key = key, Next = head, IsKept = isKept };
        head = index;
        return ref slot.Counter;
    }

    /// <summary>Takes out what has run out, a few slots further each time.</summary>
    private void SweepRunOut(long now)
    {
        for (var step = 0; step < SweepLength && Count > 0; step++)
        {
            _broom = _broom + 1 < Count ? _broom + 1 : 0;
            if (_slots[_broom].Counter.FreshAt <= now)
            {
                Remove(_broom);
            }
        }
    }

    /// <summary>After the bound was lowered: forgets down to it, and gives the memory back.</summary>
    /// <returns>How many were forgotten.</returns>
    private int RemoveSurplus(int bound, long now)
    {
        var before = Count;
        while (Count > bound && FindVictim(now) is >= 0 and var surplus)
        {
            Remove(surplus);
        }

        if (Count < before)
        {
            Resize(Math.Max(SmallestSize, Count));
        }

        return before - Count;
    }

    /// <summary>Moves the hand to the counter to forget; none when all are kept.</summary>
    private int FindVictim(long now)
    {
        for (var step = 0; step < 2 * Count; step++)
        {
            _hand = _hand + 1 < Count ? _hand + 1 : 0;
            ref var slot = ref _slots[_hand];
            if (slot.Counter.FreshAt <= now || !(slot.IsKept || slot.IsUsedAgain))
            {
                return _hand;
            }

            slot.IsUsedAgain = false;
        }

        return None;
    }

    /// <summary>Takes a counter out; the last one moves into its place.</summary>
    private void Remove(int index)
    {
        LinkTo(index) = _slots[index].Next;
        var last = --Count;
        if (index != last)
        {
            LinkTo(last) = index;
            _slots[index] = _slots[last];
        }
    }

    /// <summary>The head or the link that points to a slot.</summary>
    private ref int LinkTo(int index)
    {
        ref var link = ref HeadOf(_slots[index].Key);
        while (link != index)
        {
            link = ref _slots[link].Next;
        }

        return ref link;
    }

    private void Resize(int size)
    {
        Array.Resize(ref _slots, size);
        _heads = NewHeads(size);
        for (var index = 0; index < Count; index++)
        {
            ref var head = ref HeadOf(_slots[index].Key);
            _slots[index].Next = head;
            head = index;
        }
    }

    private ref int HeadOf(Hash128 key) => ref _heads[key.High & (ulong)(_heads.Length - 1)];

    private static int[] NewHeads(int size)
    {
        var heads = new int[(int)BitOperations.RoundUpToPowerOf2((uint)size)];
        Array.Fill(heads, None);
        return heads;
    }

    private struct Slot
    {
        public Hash128 Key;
        public Counter Counter;
        public int Next;
        public bool IsKept;
        public bool IsUsedAgain;
    }
}
