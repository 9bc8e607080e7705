using Gateway.Backends.Health;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Polly;
using Yarp.ReverseProxy.Model;

namespace Gateway.Backends.Resilience;

/// <summary>One call that may be sent more than once: what it may be tried on, and the addresses it went to. A feature of the request.</summary>
/// <remarks>Made by the transforms, for backends that try again only, and never for the handshake of a WebSocket.</remarks>
internal sealed class BackendCall
{
    /// <summary>Where the outgoing request carries its call.</summary>
    public static readonly HttpRequestOptionsKey<BackendCall> Key = new("gateway.backend-call");

    /// <summary>Where Polly's context carries it.</summary>
    public static readonly ResiliencePropertyKey<BackendCall> Property = new("gateway.backend-call");

    /// <summary>A held body beyond this is not sent twice: copied as one piece, it would show YARP no sign of life for too long.</summary>
    private const long LargestRepeatedBody = 1 << 20;

    private readonly IReverseProxyFeature _proxy;
    private readonly Lock _lock = new();
    private DestinationState? _last;

    private BackendCall(HttpContext http, bool isEvent)
    {
        Http = http;
        _proxy = http.GetReverseProxyFeature();
        HasBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is not false;
        HeldBody = !isEvent && HasBody && http.Request.Body is { CanSeek: true, Length: <= LargestRepeatedBody } body ? body : null;
        IsRepeatable = isEvent || !HasBody || HeldBody is not null;
    }

    /// <summary>Makes the call of a request.</summary>
    /// <param name="outgoing">What is sent.</param>
    /// <param name="http">The client's request.</param>
    /// <param name="isEvent">True when what is sent is an event, which is in memory.</param>
    public static void Attach(HttpRequestMessage outgoing, HttpContext http, bool isEvent)
    {
        var call = new BackendCall(http, isEvent);
        http.Features.Set(call);
        outgoing.Options.Set(Key, call);
    }

    /// <summary>The client's request.</summary>
    public HttpContext Http { get; }

    /// <summary>True when the client's request has a body.</summary>
    public bool HasBody { get; }

    /// <summary>The client's body when it has been read already and goes on as it is; else null.</summary>
    public Stream? HeldBody { get; }

    /// <summary>True when the same can be sent again.</summary>
    public bool IsRepeatable { get; }

    /// <summary>YARP's state of the backend.</summary>
    public ClusterState Cluster => _proxy.Route.Cluster!;

    /// <summary>True when the failure of the last send has been noted for its address already.</summary>
    public bool IsFailureNoted { get; set; }

    /// <summary>The address of the next send: the load balancer's first, then the next healthy one, in turn.</summary>
    public DestinationState NextAddress()
    {
        lock (_lock)
        {
            _last = _last is null ? _proxy.ProxiedDestination! : FindOther(_last) ?? _last;
            _proxy.ProxiedDestination = _last;
            return _last;
        }
    }

    /// <summary>Whether there is a healthy address other than the last.</summary>
    public bool HasOtherAddress
    {
        get
        {
            lock (_lock)
            {
                return _last is not null && FindOther(_last) is not null;
            }
        }
    }

    /// <summary>Says whose answer goes to the client.</summary>
    public void Settle(DestinationState address)
    {
        IsFailureNoted = false;
        _proxy.ProxiedDestination = address;
    }

    /// <summary>The healthy address that follows another in the cluster's list; null when there is none.</summary>
    private DestinationState? FindOther(DestinationState address)
    {
        var all = _proxy.AllDestinations;
        var index = 0;
        while (index < all.Count && all[index] != address)
        {
            index++;
        }

        for (var step = 1; step < all.Count; step++)
        {
            var other = all[(index + step) % all.Count];
            if (HealthyAddresses.IsHealthy(other))
            {
                return other;
            }
        }

        return null;
    }
}
