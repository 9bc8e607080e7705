namespace Gateway.Policies;

/// <summary>A hash of 128 bits that stands for something: a limit, one counter of it, an AppCode.</summary>
/// <param name="High">The first eight bytes, little-endian.</param>
/// <param name="Low">The last eight bytes, little-endian.</param>
internal readonly record struct Hash128(ulong High, ulong Low);
