using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Gateway.Backends.Health;
using Gateway.Backends.Resilience;
using Gateway.Contracts;

namespace Gateway.Backends;

/// <summary>One entry of <c>Gateway:Backends</c>: where the requests of its APIs go. <c>Type</c> says which kind.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "Type")]
[JsonDerivedType(typeof(EventFunctionOptions), "EventFunction")]
[JsonDerivedType(typeof(WebFunctionOptions), "WebFunction")]
[JsonDerivedType(typeof(MockOptions), "Mock")]
public abstract record BackendOptions;

/// <summary>A backend that is called over HTTP.</summary>
public abstract record FunctionOptions : BackendOptions
{
    /// <summary>Base address, <c>http</c> or <c>https</c>. Without one the backend is a local function (Development only).</summary>
    public string? Address { get; init; }

    /// <summary>Several base addresses, load balanced; instead of <see cref="Address"/>.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>
    /// Name of the function; default: the name of the backend. Event function: its name in the function service. Without an address: the
    /// name of the local function.
    /// </summary>
    public string? Function { get; init; }

    /// <summary>How one of several addresses is chosen.</summary>
    public LoadBalancing LoadBalancing { get; init; } = LoadBalancing.PowerOfTwoChoices;

    /// <summary>
    /// Event function: the whole call, from the first byte sent to the last byte of the result. Web function: the longest silence in
    /// either direction.
    /// </summary>
    [Between("1ms", "24h")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time to connect, TLS handshake included.</summary>
    [Between("1ms", "5m")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Signs each call to the backend; absent for an anonymous one.</summary>
    public CredentialsOptions? Credentials { get; init; }

    /// <summary>Tries failed calls again; absent for once only.</summary>
    public RetryOptions? Retry { get; init; }

    /// <summary>Sends slow calls once more; absent for once only.</summary>
    public HedgingOptions? Hedging { get; init; }

    /// <summary>Refuses calls for a while after too many have failed; absent for never.</summary>
    public CircuitBreakerOptions? CircuitBreaker { get; init; }

    /// <summary>Calls at once; more are refused with <c>X503BZ</c> at once. Absent for any number.</summary>
    [Range(1, 1_000_000)]
    public int? Concurrency { get; init; }

    /// <summary>Takes addresses that do not work out of rotation; absent to use all always.</summary>
    public HealthOptions? Health { get; init; }

    /// <summary>Keeps the headers of the client's signature (<c>X-Ca-Key</c>, <c>-Signature</c>, <c>-Signature-Headers</c>, <c>-Signature-Method</c>, <c>-Timestamp</c>, <c>-Nonce</c>) from the backend.</summary>
    public bool HideSignature { get; init; }

    /// <summary>Accepts any certificate of the backend. Only for tests: nothing then tells the backend from an impostor.</summary>
    public bool AllowInvalidCertificate { get; init; }
}

/// <summary>An access key of the function service.</summary>
public sealed record CredentialsOptions
{
    /// <summary>Id of the access key.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>Secret of the access key. Give it in an environment variable or a secret file.</summary>
    public string? AccessKeySecret { get; init; }

    /// <summary>Token that comes with a temporary key (STS); null for a lasting key.</summary>
    public string? SecurityToken { get; init; }

    /// <summary>Hides the secrets.</summary>
    public override string ToString() => $"{nameof(CredentialsOptions)} {{ AccessKeyId = {AccessKeyId} }}";
}

/// <summary>How one of several addresses is chosen.</summary>
public enum LoadBalancing
{
    /// <summary>The less busy of two picked at random.</summary>
    PowerOfTwoChoices,

    /// <summary>Each in turn.</summary>
    RoundRobin,

    /// <summary>The one with the fewest requests in flight.</summary>
    LeastRequests,

    /// <summary>Any.</summary>
    Random,

    /// <summary>The first healthy one, in order of the list.</summary>
    First,
}
