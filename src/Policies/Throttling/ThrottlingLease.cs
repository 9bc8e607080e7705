using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Gateway.Contracts;

namespace Gateway.Policies.Throttling;

/// <summary>What the rate limiting middleware holds while a request runs. Why a request was refused stands in the request's own feature.</summary>
internal sealed class ThrottlingLease : RateLimitLease
{
    /// <summary>Goes on.</summary>
    public static readonly ThrottlingLease Admitted = new(isAcquired: true, gate: null);

    /// <summary>Does not go on, or is not decided yet.</summary>
    public static readonly ThrottlingLease Refused = new(isAcquired: false, gate: null);

    private ConcurrencyGate? _gate;

    private ThrottlingLease(bool isAcquired, ConcurrencyGate? gate)
    {
        IsAcquired = isAcquired;
        _gate = gate;
    }

    public override bool IsAcquired { get; }

    public override IEnumerable<string> MetadataNames => [];

    /// <summary>Goes on, and leaves the gate at its end, also when the client breaks off.</summary>
    public static ThrottlingLease Holding(ConcurrencyGate? gate) => gate is null ? Admitted : new(isAcquired: true, gate);

    public override bool TryGetMetadata(string metadataName, [MaybeNullWhen(false)] out object? metadata)
    {
        metadata = null;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        Interlocked.Exchange(ref _gate, null)?.Leave();
        base.Dispose(disposing);
    }
}
