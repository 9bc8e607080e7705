using System.Collections.Concurrent;

namespace Gateway.Policies.Throttling;

/// <summary>Counts the requests under way, by API. The counts outlive a reload, as the requests do.</summary>
internal sealed class ConcurrencyGates
{
    private readonly ConcurrentDictionary<string, ConcurrencyGate> _gates = new(StringComparer.Ordinal);

    /// <summary>The gate of an API.</summary>
    public ConcurrencyGate Of(string apiId) => _gates.GetOrAdd(apiId, static _ => new ConcurrencyGate());
}

/// <summary>The requests of one API that are under way.</summary>
internal sealed class ConcurrencyGate
{
    private int _running;

    /// <summary>Requests under way.</summary>
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
