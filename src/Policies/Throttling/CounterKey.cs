namespace Gateway.Policies.Throttling;

/// <summary>128 bits that stand for a limit, or for one counter of it. What a client chose is in it only as a keyed hash.</summary>
/// <param name="High">The first eight bytes, little-endian.</param>
/// <param name="Low">The last eight bytes, little-endian.</param>
internal readonly record struct CounterKey(ulong High, ulong Low);
