namespace Gateway.Policies.Authentication;

/// <summary>A growing set of 128-bit values by open addressing with linear probing: 16 bytes a slot, 21 to 43 bytes a value. Not thread safe.</summary>
/// <remarks>
/// A <see cref="HashSet{T}"/> takes about 36 bytes a value when it is full and 72 after it has grown.
/// </remarks>
/// <param name="hash">Chooses the slots.</param>
internal sealed class NonceSet(NonceHash hash)
{
    private const int SmallestCapacity = 16;

    /// <summary>The values; zero marks a free slot. Empty, or a power of two long.</summary>
    private UInt128[] _slots = [];

    /// <summary>Number of values.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a value is in the set.</summary>
    /// <param name="value">Not zero.</param>
    public bool Contains(UInt128 value) => _slots.Length > 0 && _slots[Find(value)] != UInt128.Zero;

    /// <summary>Adds a value.</summary>
    /// <param name="value">Not zero, and not in the set.</param>
    public void Add(UInt128 value)
    {
        // Three quarters full at most: beyond that, probing gets long.
        if (Count >= _slots.Length / 4 * 3)
        {
            Grow();
        }

        _slots[Find(value)] = value;
        Count++;
    }

    /// <summary>Removes a value; false when it is not in the set.</summary>
    /// <param name="value">Not zero.</param>
    public bool Remove(UInt128 value)
    {
        if (!Contains(value))
        {
            return false;
        }

        // Values behind the gap move up when their probing would stop at it, so that no tombstones are needed.
        var mask = _slots.Length - 1;
        var gap = Find(value);
        for (var next = (gap + 1) & mask; _slots[next] != UInt128.Zero; next = (next + 1) & mask)
        {
            var home = (int)hash.Of(_slots[next]) & mask;
            if (((next - home) & mask) >= ((next - gap) & mask))
            {
                _slots[gap] = _slots[next];
                gap = next;
            }
        }

        _slots[gap] = UInt128.Zero;
        Count--;
        return true;
    }

    /// <summary>The slot that holds the value, or the free one where it belongs.</summary>
    private int Find(UInt128 value)
    {
        var mask = _slots.Length - 1;
        var slot = (int)hash.Of(value) & mask;
        while (_slots[slot] != value && _slots[slot] != UInt128.Zero)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new UInt128[Math.Max(SmallestCapacity, checked(old.Length * 2))];
        foreach (var value in old)
        {
            if (value != UInt128.Zero)
            {
                _slots[Find(value)] = value;
            }
        }
    }
}
