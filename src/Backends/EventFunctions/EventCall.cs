using System.Collections.Concurrent;

namespace Gateway.Backends.EventFunctions;

/// <summary>One call of an event function: its event and its deadline. A feature of the request, so that others can ask how the call ended.</summary>
/// <remarks>
/// The deadline runs from the sending to the last byte of the result, retries included. It is not YARP's activity timeout, which
/// starts anew with every sign of life, nor a request timeout, which would count the time the client takes to send its body.
/// </remarks>
internal sealed class EventCall : IDisposable
{
    /// <summary>Where the outgoing request carries its call.</summary>
    public static readonly HttpRequestOptionsKey<EventCall> Key = new("gateway.event-call");

    private const int MaxPooledSources = 1024;
    private static readonly ConcurrentQueue<CancellationTokenSource> Sources = new();
    private static int _pooledSources;

    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenRegistration _callerRegistration;
    private readonly bool _isPooled;
    private volatile bool _isCanceledByCaller;
    private bool? _timedOut;

    /// <summary>Starts the deadline.</summary>
    /// <param name="content">The event; now the call's.</param>
    /// <param name="timeout">Time for the whole call.</param>
    /// <param name="time">The clock. Sources are reused only on the system's, whose timers can be reset.</param>
    /// <param name="caller">Ends the call early: the client left, or the proxy stops.</param>
    public EventCall(EventContent content, TimeSpan timeout, TimeProvider time, CancellationToken caller)
    {
        Content = content;
        _isPooled = ReferenceEquals(time, TimeProvider.System);
        _deadline = _isPooled ? Rent(timeout) : new CancellationTokenSource(timeout, time);
        Token = _deadline.Token;
        _callerRegistration = caller.UnsafeRegister(static state => ((EventCall)state!).CancelByCaller(), this);
    }

    /// <summary>The event.</summary>
    public EventContent Content { get; private set; }

    /// <summary>Cancelled at the deadline, or when the client leaves.</summary>
    public CancellationToken Token { get; }

    /// <summary>True when the deadline passed before the result was whole. Stays readable after the call.</summary>
    public bool TimedOut => _timedOut ?? (_deadline.IsCancellationRequested && !_isCanceledByCaller);

    /// <summary>Puts another event in place of this one, before anything has been sent.</summary>
    /// <param name="content">The event; now the call's.</param>
    public void Replace(EventContent content)
    {
        Content.Dispose();
        Content = content;
    }

    /// <summary>Ends the call and gives back what it holds.</summary>
    public void Dispose()
    {
        if (_timedOut is not null)
        {
            return;
        }

        _callerRegistration.Dispose();
        _timedOut = TimedOut;
        Content.Dispose();
        if (_isPooled && _deadline.TryReset())
        {
            Return(_deadline);
        }
        else
        {
            _deadline.Dispose();
        }
    }

    private void CancelByCaller()
    {
        if (!_deadline.IsCancellationRequested)
        {
            _isCanceledByCaller = true;
            _deadline.Cancel();
        }
    }

    private static CancellationTokenSource Rent(TimeSpan timeout)
    {
        if (Sources.TryDequeue(out var source))
        {
            Interlocked.Decrement(ref _pooledSources);
        }
        else
        {
            source = new CancellationTokenSource();
        }

        source.CancelAfter(timeout);
        return source;
    }

    private static void Return(CancellationTokenSource source)
    {
        if (Interlocked.Increment(ref _pooledSources) <= MaxPooledSources)
        {
            Sources.Enqueue(source);
            return;
        }

        Interlocked.Decrement(ref _pooledSources);
        source.Dispose();
    }
}
