namespace Gateway.Contracts;

/// <summary>Counts what is under way, and lets in no more than a number of it. Exact, free of locks, thread safe.</summary>
public sealed class ConcurrencyGate
{
    private int _running;

    /// <summary>Places taken.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Takes a place; whoever got one gives it back with <see cref="Leave"/>.</summary>
    /// <param name="limit">Places there are now; a reload may have changed it.</param>
    public bool TryEnter(int limit)
    {
        // Never raised above the limit, not even for a moment: another request would be refused for it.
        for (var running = Running; running < limit;)
        {
            var seen = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (seen == running)
            {
                return true;
            }

            running = seen;
        }

        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _running);
}
