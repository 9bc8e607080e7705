namespace Gateway.Policies.Authentication;

/// <summary>How much memory all held bodies take together. Thread safe.</summary>
internal sealed class HeldMemory
{
    private long _used;

    /// <summary>Bytes rented at this moment.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Counts an array that has been rented, or with a negative number one that has been given back.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _used, bytes);
}
