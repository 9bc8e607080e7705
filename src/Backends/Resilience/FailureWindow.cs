namespace Gateway.Backends.Resilience;

/// <summary>Tells when a number of failures fall within a time. Exact: it keeps the times of as many failures as are needed. Not thread-safe.</summary>
/// <param name="threshold">The number, at least 1.</param>
/// <param name="window">The time; sliding.</param>
/// <param name="time">The clock.</param>
internal sealed class FailureWindow(int threshold, TimeSpan window, TimeProvider time)
{
    /// <summary>Times of the last failures, a ring; made with the first failure, as most backends have none.</summary>
    private long[]? _times;

    private int _count;
    private int _next;

    /// <summary>Records a failure.</summary>
    /// <returns>True when the threshold is reached.</returns>
    public bool Add()
    {
        _times ??= new long[threshold];
        var now = time.GetTimestamp();
        _times[_next] = now;
        _next = (_next + 1) % threshold;
        _count = Math.Min(_count + 1, threshold);
        return _count == threshold && time.GetElapsedTime(_times[_next], now) <= window;
    }

    /// <summary>Forgets all failures.</summary>
    public void Clear() => _count = _next = 0;
}
