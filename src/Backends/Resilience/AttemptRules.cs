using System.Collections.Frozen;
using Gateway.Backends.Http;

namespace Gateway.Backends.Resilience;

/// <summary>Decides which calls of a backend are sent again, and after what. Compiled from its options; immutable.</summary>
internal sealed class AttemptRules
{
    private readonly RetryOptions? _retry;
    private readonly FrozenSet<int> _statuses;
    private readonly FrozenSet<string> _methods;

    /// <param name="options">The backend's options.</param>
    public AttemptRules(FunctionOptions options)
    {
        _retry = options.Retry;
        _statuses = (_retry?.Statuses ?? []).ToFrozenSet();
        _methods = (_retry?.Methods ?? []).ToFrozenSet(StringComparer.Ordinal);
        Retries = _retry?.Attempts ?? Math.Max(0, options.Addresses.Count - 1);
    }

    /// <summary>Further tries after the first. Without <c>Retry</c> a connection that could not be made is tried once at each other address.</summary>
    public int Retries { get; }

    /// <summary>Whether calls of a backend may be sent more than once at all.</summary>
    public static bool AreNeeded(FunctionOptions options) => options.Retry is not null || options.Hedging is not null || options.Addresses.Count > 1;

    /// <summary>Whether a call goes out several times side by side.</summary>
    public static bool MayHedge(BackendCall call) => !call.HasBody && MethodRules.IsSafe(call.Http.Request.Method);

    /// <summary>Whether a call is tried again after a send that ended so.</summary>
    public bool ShouldRetry(BackendCall call, Exception? exception, HttpResponseMessage? answer)
    {
        if (SendFailure.IsNeverSent(exception))
        {
            return _retry is not null || call.HasOtherAddress;
        }

        if (!call.IsRepeatable || !_methods.Contains(call.Http.Request.Method))
        {
            return false;
        }

        return answer is not null ? _statuses.Contains((int)answer.StatusCode) : SendFailure.IsBroken(exception) || SendFailure.IsTimeout(exception);
    }

    /// <summary>Time for one try of a call; null for no limit of its own.</summary>
    /// <remarks>Only for methods that may arrive twice by their nature: after a timeout nobody knows what the backend did, so a POST is never sent again.</remarks>
    public TimeSpan? AttemptTimeout(BackendCall call)
        => call.IsRepeatable && MethodRules.IsIdempotent(call.Http.Request.Method) && _methods.Contains(call.Http.Request.Method) ? _retry?.AttemptTimeout : null;

    /// <summary>Whether the failure of a send is the address's, and not the client's, whose body may have broken off under way.</summary>
    public static bool IsOfAddress(BackendCall call, Exception exception)
        => SendFailure.IsNeverSent(exception) || (call.IsRepeatable && (SendFailure.IsBroken(exception) || SendFailure.IsTimeout(exception)));
}
