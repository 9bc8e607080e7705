using Gateway.Backends.ProxySignatures;
using Gateway.Contracts;

namespace Gateway.Backends;

/// <summary>A web function, or any HTTP server: it gets the raw request, and its answer passes unchanged.</summary>
public sealed record WebFunctionOptions : FunctionOptions
{
    /// <summary>Longest silence on a WebSocket, after its handshake.</summary>
    [Between("1s", "24h")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Sends the client's <c>Host</c> instead of the backend's.</summary>
    public bool PreserveHost { get; init; }

    /// <summary>Signs each request to the backend; absent for none.</summary>
    public ProxySignatureOptions? ProxySignature { get; init; }
}
