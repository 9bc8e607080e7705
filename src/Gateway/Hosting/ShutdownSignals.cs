using System.Runtime.InteropServices;

namespace Gateway.Hosting;

/// <summary>The signals by which the process is told to stop: the first asks, a second ends it at once.</summary>
/// <remarks>Made before the configuration is read, so that a signal during the start is one to stop as well. The framework's own lifetime listens later, and to the first only.</remarks>
internal sealed class ShutdownSignals : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Timer _end = new(static _ => Environment.Exit(0)); // What could still be done in time has been done.
    private readonly Lock _limiting = new();
    private TimeSpan _limit = Timeout.InfiniteTimeSpan;
    private int _count;

    /// <summary>Listens from now on.</summary>
    public ShutdownSignals()
        => _registrations = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <summary>Ends the process this long after the first signal, whatever still hangs, e.g. telemetry that nobody takes.</summary>
    public void EndWithin(TimeSpan limit)
    {
        lock (_limiting)
        {
            _limit = limit;
            if (Volatile.Read(ref _count) > 0)
            {
                _end.Change(limit, Timeout.InfiniteTimeSpan); // The signal came while the configuration was being read.
            }
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _end.Dispose();
        _requested.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            lock (_limiting)
            {
                _end.Change(_limit, Timeout.InfiniteTimeSpan);
            }

            _requested.Cancel();
            return;
        }

        Environment.Exit(context.Signal switch { PosixSignal.SIGINT => 130, PosixSignal.SIGQUIT => 131, _ => 143 }); // As a shell reports the signal.
    }
}
