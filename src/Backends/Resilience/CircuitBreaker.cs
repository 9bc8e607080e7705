using Microsoft.Extensions.Logging;

namespace Gateway.Backends.Resilience;

/// <summary>The circuit of one backend: closed, open for a while after too many failures, then half-open until one call succeeds.</summary>
/// <remarks>
/// Not Polly's, which opens at a ratio of failures and so cannot count them as the cloud gateway does. A closed circuit costs a call one
/// read; only failures, and calls while it is not closed, take the lock.
/// </remarks>
/// <param name="backend">Name of the backend, for the log.</param>
/// <param name="options">The thresholds.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Takes each change of the circuit.</param>
internal sealed class CircuitBreaker(string backend, CircuitBreakerOptions options, TimeProvider time, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly FailureWindow _timeouts = new(options.Timeouts, options.Window, time);
    private readonly FailureWindow? _errors = options.Errors is { } errors ? new FailureWindow(errors, options.Window, time) : null;
    private volatile bool _isClosed = true;
    private string _reason = "";
    private long _openedAt;
    private Probe? _probe;

    /// <summary>How the circuit stands. Half-open once its time has passed, whether or not a call has come to try.</summary>
    public CircuitState State
    {
        get
        {
            lock (_lock)
            {
                return _isClosed ? CircuitState.Closed : time.GetElapsedTime(_openedAt) < options.OpenFor ? CircuitState.Open : CircuitState.HalfOpen;
            }
        }
    }

    /// <summary>Asks whether a call may be made. Each call that may is reported with <see cref="Report"/>.</summary>
    /// <param name="probe">Identifies the call when the circuit is half-open and its end decides; else null.</param>
    /// <param name="refusal">Why it may not.</param>
    public bool TryEnter(out Probe? probe, out CircuitRefusal refusal)
    {
        probe = null;
        refusal = default;
        return _isClosed || TryEnterNotClosed(out probe, out refusal);
    }

    /// <summary>Tells how a call ended.</summary>
    /// <param name="outcome">Its end.</param>
    /// <param name="probe">As given when it began. A probe may be reported twice; once its word is taken, it is a call like any other.</param>
    public void Report(CallOutcome outcome, Probe? probe)
    {
        if (probe is null && outcome is CallOutcome.Answered or CallOutcome.Unknown)
        {
            return;
        }

        lock (_lock)
        {
            if (probe is not null && probe == _probe)
            {
                _probe = null;
                Decide(outcome);
            }
            else if (_isClosed)
            {
                Count(outcome);
            }
        }
    }

    private bool TryEnterNotClosed(out Probe? probe, out CircuitRefusal refusal)
    {
        lock (_lock)
        {
            var left = _isClosed ? TimeSpan.Zero : options.OpenFor - time.GetElapsedTime(_openedAt);
            var mayEnter = _isClosed || (left <= TimeSpan.Zero && _probe is null);
            probe = mayEnter && !_isClosed ? _probe = new Probe() : null;
            refusal = new CircuitRefusal(_reason, Math.Max(1, (int)Math.Ceiling(left.TotalSeconds)));
            return mayEnter;
        }
    }

    /// <summary>A probe that nobody can judge, because the client left, leaves the word to the next one.</summary>
    private void Decide(CallOutcome outcome)
    {
        if (IsFailure(outcome))
        {
            Open(_reason);
        }
        else if (outcome != CallOutcome.Unknown)
        {
            _isClosed = true;
            logger.CircuitClosed(backend);
        }
    }

    private bool IsFailure(CallOutcome outcome)
        => outcome is CallOutcome.TimedOut or CallOutcome.Broken || (outcome == CallOutcome.Failed && _errors is not null);

    private void Count(CallOutcome outcome)
    {
        if (outcome is CallOutcome.Answered or CallOutcome.Unknown)
        {
            return;
        }

        if (outcome == CallOutcome.TimedOut && _timeouts.Add())
        {
            Open("too many timeouts");
        }
        else if (_errors?.Add() is true)
        {
            Open("too many errors");
        }
    }

    private void Open(string reason)
    {
        _reason = reason;
        _openedAt = time.GetTimestamp();
        _timeouts.Clear();
        _errors?.Clear();
        _isClosed = false;
        logger.CircuitOpened(backend, reason, options.OpenFor);
    }

    /// <summary>Identity of a call that decides over a half-open circuit.</summary>
    internal sealed class Probe;
}

/// <summary>How a circuit stands; the numbers are values of a metric.</summary>
internal enum CircuitState
{
    /// <summary>Calls are made.</summary>
    Closed = 0,

    /// <summary>One call is let through, and decides.</summary>
    HalfOpen = 1,

    /// <summary>Calls are refused.</summary>
    Open = 2,
}

/// <summary>Why and for how long a circuit refuses calls.</summary>
/// <param name="Reason">What opened it.</param>
/// <param name="RetryAfterSeconds">Whole seconds, at least 1, until a call may be let through.</param>
internal readonly record struct CircuitRefusal(string Reason, int RetryAfterSeconds);
