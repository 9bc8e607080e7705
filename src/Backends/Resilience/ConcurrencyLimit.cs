namespace Gateway.Backends.Resilience;

/// <summary>Counts calls that are under way and takes no more than a number of them. Exact, and free of locks.</summary>
/// <param name="limit">Calls at once, at least 1.</param>
internal sealed class ConcurrencyLimit(int limit)
{
    private int _current;

    /// <summary>Takes a place; give it back with <see cref="Leave"/>.</summary>
    /// <returns>False when all are taken.</returns>
    public bool TryEnter()
    {
        var current = Volatile.Read(ref _current);
        while (current < limit)
        {
            var seen = Interlocked.CompareExchange(ref _current, current + 1, current);
            if (seen == current)
            {
                return true;
            }

            current = seen;
        }

        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _current);
}
