using System.Buffers;
using System.Globalization;
using System.Threading.RateLimiting;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Throttling;

/// <summary>Decides for the rate limiting middleware, as its global limiter: a place first, then all limits at once.</summary>
/// <remarks>
/// The middleware asks twice, <c>AttemptAcquire</c> and then <c>AcquireAsync</c>, so a limiter that counts in both charges what it refuses
/// (measured with the built-in ones: 20 permits, 1 request admitted and 3 refused, 13 left). Here the second only repeats the first's
/// refusal, or waits for a store that could not answer at once.
/// </remarks>
internal sealed class ThrottlingLimiter(IThrottlingStore store, ConcurrencyGates gates, PolicyMetrics metrics) : PartitionedRateLimiter<HttpContext>
{
    private const string BusyRetryAfter = "1";

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount)
    {
        if (ApiPolicy.Of(resource).Throttling is not { } plan)
        {
            return ThrottlingLease.Admitted;
        }

        ConcurrencyGate? gate = null;
        if (plan.Concurrency is { } concurrency)
        {
            gate = gates.Of(plan.ApiId);
            if (!gate.TryEnter(concurrency))
            {
                resource.Gateway().RetryAfter = BusyRetryAfter;
                resource.Fail(GatewayError.Busy, outcome: RequestOutcome.Throttled);
                return ThrottlingLease.Refused;
            }
        }

        try
        {
            return Charge(resource, plan, gate);
        }
        catch
        {
            gate?.Leave(); // No lease that would.
            throw;
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(HttpContext context, int permitCount, CancellationToken cancellationToken)
        => context.Features.Get<Pending>() is { } pending ? new(pending.Decision) : new(ThrottlingLease.Refused);

    private ThrottlingLease Charge(HttpContext context, ThrottlingPlan plan, ConcurrencyGate? gate)
    {
        var gateway = context.Gateway();
        var charges = ArrayPool<ThrottlingCharge>.Shared.Rent(plan.Limits.Length);
        var count = 0;
        foreach (var limit in plan.Limits)
        {
            if (limit.TryCharge(context, gateway, store, out var charge))
            {
                charges[count++] = charge;
            }
        }

        var charging = count == 0 ? new(true) : store.ChargeAsync(charges.AsMemory(0, count), plan.MaxCounters);
        if (charging.IsCompletedSuccessfully)
        {
            return Settle(context, plan, gate, charges, count, charging.Result);
        }

        context.Features.Set(new Pending(SettleAsync(context, plan, gate, charges, count, charging)));
        return ThrottlingLease.Refused;
    }

    private async Task<RateLimitLease> SettleAsync(
        HttpContext context, ThrottlingPlan plan, ConcurrencyGate? gate, ThrottlingCharge[] charges, int count, ValueTask<bool> charging)
    {
        try
        {
            return Settle(context, plan, gate, charges, count, await charging);
        }
        catch
        {
            gate?.Leave();
            throw;
        }
    }

    private ThrottlingLease Settle(HttpContext context, ThrottlingPlan plan, ConcurrencyGate? gate, ThrottlingCharge[] charges, int count, bool isAdmitted)
    {
        ReadOnlySpan<ThrottlingCharge> charged = charges.AsSpan(0, count);
        if (plan.ShowsHeaders)
        {
            RateLimitHeaders.Register(context, charged);
        }

        if (isAdmitted)
        {
            CountAdmitted(context, charged);
        }
        else
        {
            Refuse(context, charged);
        }

        ArrayPool<ThrottlingCharge>.Shared.Return(charges, clearArray: true); // Else the pool would hold on to limits of former configurations.
        if (isAdmitted)
        {
            return ThrottlingLease.Holding(gate);
        }

        gate?.Leave();
        return ThrottlingLease.Refused;
    }

    private void CountAdmitted(HttpContext context, ReadOnlySpan<ThrottlingCharge> charges)
    {
        foreach (ref readonly var charge in charges)
        {
            metrics.LimitAdmitted(context.Gateway(), charge.Limit);
        }
    }

    /// <summary>Names the limit that keeps the client waiting longest: once it admits, so do the others.</summary>
    private void Refuse(HttpContext context, ReadOnlySpan<ThrottlingCharge> charges)
    {
        ref readonly var longest = ref charges[0];
        foreach (ref readonly var charge in charges)
        {
            if (charge.Wait > longest.Wait)
            {
                longest = ref charge;
            }
        }

        context.Gateway().RetryAfter = Counter.DivideUp(longest.Wait, TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture);
        metrics.LimitRefused(context.Gateway(), longest.Limit);
        context.Fail(longest.Limit.Error, longest.Limit.Detail);
    }

    /// <summary>The decision that a shared store is still making.</summary>
    private sealed record Pending(Task<RateLimitLease> Decision);
}
