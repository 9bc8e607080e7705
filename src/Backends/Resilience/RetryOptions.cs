using System.ComponentModel.DataAnnotations;
using Gateway.Contracts;

namespace Gateway.Backends.Resilience;

/// <summary>Tries a call again before the client has seen a byte of an answer. The timeout of the call covers all tries.</summary>
/// <remarks>
/// A connection that could not be made is tried again whatever the method, as nothing was sent. Otherwise the client's method decides, for
/// event functions too, and a body must be one that can be sent twice: an event, or a request body that is already in memory. WebSockets
/// are never tried again.
/// </remarks>
public sealed record RetryOptions
{
    /// <summary>Further tries after the first; each goes to another healthy address where there is one.</summary>
    [Range(1, 5)]
    public int Attempts { get; init; } = 2;

    /// <summary>Statuses of the backend, 400 to 599, after which a call is tried again. Of an event function: those of the function service, not of the function's result.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [502, 503];

    /// <summary>Methods of the client that may be tried again once something was sent.</summary>
    public IReadOnlyList<string> Methods { get; init; } = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"];

    /// <summary>Time before the second try, doubled for each further one, with jitter. None before another address after a connection that could not be made.</summary>
    [Between("1ms", "1m")]
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest time between two tries.</summary>
    [Between("1ms", "5m")]
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time for one try until the head of its answer, so that a silent address leaves time for another; absent for no limit but the timeout. For GET, HEAD, PUT, DELETE and OPTIONS only.</summary>
    [Between("1ms", "24h")]
    public TimeSpan? AttemptTimeout { get; init; }
}
