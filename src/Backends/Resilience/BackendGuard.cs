using System.Globalization;
using Gateway.Backends.Health;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Model;

namespace Gateway.Backends.Resilience;

/// <summary>What stands around all calls of one backend: concurrency limit, then circuit breaker, then the judgement of its addresses.</summary>
/// <remarks>Holds the counters, so it lives as long as the backend's settings: across reloads that do not touch them.</remarks>
internal sealed class BackendGuard
{
    private readonly ClusterState _cluster;
    private readonly ConcurrencyGate? _concurrency;
    private readonly int _mostAtOnce;
    private readonly CircuitBreaker? _breaker;
    private readonly AddressHealth? _health;

    /// <param name="cluster">YARP's state of the backend.</param>
    /// <param name="backend">Name of the backend.</param>
    /// <param name="options">Its options.</param>
    /// <param name="health">Judges addresses.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Takes what happens to the circuit.</param>
    public BackendGuard(ClusterState cluster, string backend, FunctionOptions options, AddressHealth health, TimeProvider time, ILogger logger)
    {
        _cluster = cluster;
        _concurrency = options.Concurrency is null ? null : new ConcurrencyGate();
        _mostAtOnce = options.Concurrency.GetValueOrDefault();
        _breaker = options.CircuitBreaker is { } breaker ? new CircuitBreaker(backend, breaker, time, logger) : null;
        _health = options.Health?.Passive is not null ? health : null;
    }

    /// <summary>The circuit breaker; null when the backend has none.</summary>
    public CircuitBreaker? Circuit => _breaker;

    /// <summary>Whether a backend has anything to guard.</summary>
    public static bool IsNeeded(FunctionOptions options)
        => options.Concurrency is not null || options.CircuitBreaker is not null || options.Health?.Passive is not null;

    /// <summary>Makes the call, or refuses it.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_concurrency is not null && !_concurrency.TryEnter(_mostAtOnce))
        {
            Refuse(context, GatewayError.Busy, reason: null, retryAfterSeconds: 1, RequestOutcome.Throttled);
            return;
        }

        try
        {
            if (_breaker is null)
            {
                await next(context);
                Judge(context);
            }
            else
            {
                await BreakAsync(_breaker, context, next);
            }
        }
        finally
        {
            _concurrency?.Leave();
        }
    }

    private async Task BreakAsync(CircuitBreaker breaker, HttpContext context, RequestDelegate next)
    {
        if (!breaker.TryEnter(out var probe, out var refusal))
        {
            Refuse(context, GatewayError.CircuitOpen, refusal.Reason, refusal.RetryAfterSeconds);
            return;
        }

        if (probe is not null)
        {
            ReportWhenAnswered(breaker, probe, context);
        }

        var outcome = CallOutcome.Unknown;
        try
        {
            await next(context);
            outcome = Judge(context);
        }
        finally
        {
            breaker.Report(outcome, probe);
        }
    }

    /// <summary>The head of an answer is proof enough: a stream may last for hours, and all others would be refused meanwhile.</summary>
    private static void ReportWhenAnswered(CircuitBreaker breaker, CircuitBreaker.Probe probe, HttpContext context)
        => context.Response.OnStarting(() =>
        {
            breaker.Report(CallOutcomes.Of(context), probe);
            return Task.CompletedTask;
        });

    private CallOutcome Judge(HttpContext context)
    {
        var outcome = CallOutcomes.Of(context);
        _health?.CallEnded(context, _cluster, outcome);
        return outcome;
    }

    private static void Refuse(HttpContext context, GatewayError error, string? reason, int retryAfterSeconds, RequestOutcome? outcome = null)
    {
        context.Gateway().RetryAfter = retryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        context.Fail(error, reason, outcome);
    }
}
