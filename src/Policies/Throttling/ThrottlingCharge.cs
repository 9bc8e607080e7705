namespace Gateway.Policies.Throttling;

/// <summary>One limit that one request is counted against; the store fills in how the limit then stands.</summary>
/// <param name="limit">The limit.</param>
/// <param name="key">The counter.</param>
/// <param name="allowed">Requests a unit.</param>
internal struct ThrottlingCharge(ThrottlingLimit limit, Hash128 key, long allowed)
{
    /// <summary>The limit.</summary>
    public readonly ThrottlingLimit Limit => limit;

    /// <summary>The counter.</summary>
    public readonly Hash128 Key => key;

    /// <summary>Requests a unit; of an app with a limit of its own, that one.</summary>
    public readonly long Allowed => allowed;

    /// <summary>Requests left, this one already counted if it was admitted.</summary>
    public long Remaining { get; private set; }

    /// <summary>Ticks until the limit admits one request if nobody else comes; 0 unless it is the reason for a refusal.</summary>
    public long Wait { get; private set; }

    /// <summary>Ticks until all of the limit is there again.</summary>
    public long Reset { get; private set; }

    /// <summary>Notes how the limit stands.</summary>
    public void Settle(long remaining, long wait, long reset) => (Remaining, Wait, Reset) = (remaining, wait, reset);
}
