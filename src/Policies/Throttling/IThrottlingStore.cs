namespace Gateway.Policies.Throttling;

/// <summary>Keeps the counters. One process holds them in memory; a store that several gateways share can take the same place.</summary>
/// <remarks>
/// What an implementation owes: one call is atomic against all others, also those of other gateways, so that a limit is never exceeded and
/// a refusal charges nothing; it charges a request once; "now" is the store's own clock, not each gateway's, read once it is that call's
/// turn; a counter ends with its window whatever happens to the gateway; the time a call may take is bounded by the implementation, which
/// also settles what a dead store means. Where charges are expensive to undo, compare all counters first and charge them in one script.
/// </remarks>
internal interface IThrottlingStore
{
    /// <summary>The counter of a value under a limit. Gateways that share counters must share the secret of this hash.</summary>
    /// <param name="limit">Identity of the limit, the same in every gateway with that configuration.</param>
    /// <param name="value">The value as bytes; empty for a limit that has one counter.</param>
    Hash128 CreateKey(Hash128 limit, ReadOnlySpan<byte> value);

    /// <summary>Charges all limits, or none when one of them is used up.</summary>
    /// <param name="charges">Different counters, at most some dozens. The caller's again once the call has completed, with the result in each.</param>
    /// <param name="maxCounters">How many counters may be kept, as the configuration in force says.</param>
    /// <returns>True when all were charged. The store of one process completes at once.</returns>
    ValueTask<bool> ChargeAsync(Memory<ThrottlingCharge> charges, int maxCounters);
}
