using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Gateway.Backends;
using Gateway.Backends.SystemParameters;
using Gateway.Configuration.Binding;
using Gateway.Contracts;
using Gateway.Hosting;
using Gateway.LocalFunctions;
using Gateway.Management;
using Gateway.Observability;
using Gateway.Policies;
using Gateway.Policies.Authentication;
using Gateway.Policies.Throttling;
using Gateway.Tls;

namespace Gateway.Configuration;

/// <summary>The section <c>Gateway</c>. All collections are maps keyed by name, so that stage files merge by name.</summary>
public sealed record GatewayOptions
{
    /// <summary>Stage that this process serves, as in <c>X-Ca-Stage</c>; default: from the environment (Production: <c>RELEASE</c>, Pre: <c>PRE</c>, Test: <c>TEST</c>).</summary>
    public string? Stage { get; init; }

    /// <summary>Apps, the callers of APIs with <c>Auth</c> <c>App</c>, by name.</summary>
    public IReadOnlyDictionary<string, AppOptions> Apps { get; init; } = new Dictionary<string, AppOptions>();

    /// <summary>Backends by name.</summary>
    public IReadOnlyDictionary<string, BackendOptions> Backends { get; init; } = new Dictionary<string, BackendOptions>();

    /// <summary>Functions that run on this machine, by name; backends without an address use them. Development only.</summary>
    public IReadOnlyDictionary<string, LocalFunctionOptions> LocalFunctions { get; init; } = new Dictionary<string, LocalFunctionOptions>();

    /// <summary>Policies by name; groups and APIs name those that hold for them.</summary>
    public IReadOnlyDictionary<string, PolicyOptions> Policies { get; init; } = new Dictionary<string, PolicyOptions>();

    /// <summary>Groups of APIs by name.</summary>
    public IReadOnlyDictionary<string, GroupOptions> Groups { get; init; } = new Dictionary<string, GroupOptions>();

    /// <summary>How signatures are checked.</summary>
    public AuthenticationOptions Authentication { get; init; } = new();

    /// <summary>What the counters of throttling may take.</summary>
    public ThrottlingStateOptions ThrottlingState { get; init; } = new();

    /// <summary>Sizes that a request may have.</summary>
    public LimitsOptions Limits { get; init; } = new();

    /// <summary>How the gateway's own errors look.</summary>
    public ErrorsOptions Errors { get; init; } = new();

    /// <summary>The port for probes, metrics and the effective configuration.</summary>
    public ManagementOptions Management { get; init; } = new();

    /// <summary>What happens between the signal to stop and the end.</summary>
    public ShutdownOptions Shutdown { get; init; } = new();

    /// <summary>Certificates of the gateway's own <c>https</c> addresses.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>What is traced and counted.</summary>
    public ObservabilityOptions Observability { get; init; } = new();

    /// <summary>Networks (CIDR) or addresses of the proxies in front of the gateway. Only they are believed when they send <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c>; none by default.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];
}

/// <summary>One entry of <c>Gateway:Groups</c>: APIs under one base path and the same hosts.</summary>
public sealed record GroupOptions
{
    /// <summary>Path before the paths of all its APIs.</summary>
    public string BasePath { get; init; } = "/";

    /// <summary>Hosts of the group, exact or <c>*.suffix</c>, without port; empty for any host.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Policies of all its APIs; an API that names one of the same type replaces it.</summary>
    public PolicyReferencesOptions Policies { get; init; } = new();

    /// <summary><c>RedirectHttp</c> of all its APIs.</summary>
    public bool RedirectHttp { get; init; }

    /// <summary>APIs by name.</summary>
    public IReadOnlyDictionary<string, ApiOptions> Apis { get; init; } = new Dictionary<string, ApiOptions>();
}

/// <summary>One API: a path and methods, and the backend that answers.</summary>
public sealed record ApiOptions
{
    /// <summary>False takes the API out, e.g. of one stage.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Path behind the group's base path: literals, <c>[name]</c> for one segment, <c>*</c> at the end for the rest. Required.</summary>
    public string? Path { get; init; }

    /// <summary>HTTP methods, or <c>ANY</c>.</summary>
    public IReadOnlyList<string> Methods { get; init; } = ["ANY"];

    /// <summary>Name of the backend. Required.</summary>
    public string? Backend { get; init; }

    /// <summary>Who may call. The default is <c>App</c>, so that an API is open only where it says so.</summary>
    public ApiAuth Auth { get; init; } = ApiAuth.App;

    /// <summary>Apps that may call, by name, with <c>Auth</c> <c>App</c>.</summary>
    public IReadOnlyDictionary<string, GrantOptions> Apps { get; init; } = new Dictionary<string, GrantOptions>();

    /// <summary>Where AppCodes are taken, with <c>Auth</c> <c>App</c>.</summary>
    public AppCodeUse AppCode { get; init; } = AppCodeUse.Header;

    /// <summary>How requests may be signed, with <c>Auth</c> <c>App</c>.</summary>
    public IReadOnlyList<SignatureMethod> SignatureMethods { get; init; } = [SignatureMethod.HmacSHA256];

    /// <summary>Refuses a signed request without <c>X-Ca-Nonce</c>.</summary>
    public bool RequireNonce { get; init; }

    /// <summary>
    /// Refuses a signed request whose signature does not cover timestamp and nonce, that repeats a parameter, or that has a body of another
    /// kind than a form and no <c>Content-MD5</c>.
    /// </summary>
    public bool StrictSignature { get; init; }

    /// <summary>Policies of this API, over the group's.</summary>
    public PolicyReferencesOptions Policies { get; init; } = new();

    /// <summary>Requests at once; more are refused with <c>X503BZ</c>.</summary>
    [Range(1, 1_000_000)]
    public int? Concurrency { get; init; }

    /// <summary>Values that only the gateway knows, by their name (<c>CaClientIp</c>, …), and where the backend finds them.</summary>
    public IReadOnlyDictionary<string, SystemParameterOptions> SystemParameters { get; init; } = new Dictionary<string, SystemParameterOptions>();

    /// <summary>Schemes the API takes.</summary>
    public IReadOnlyList<ApiProtocol> Protocols { get; init; } = [ApiProtocol.Http, ApiProtocol.Https];

    /// <summary>Where <see cref="Protocols"/> has only <c>HTTPS</c>: sends a GET or HEAD over plain HTTP to the same place with <c>https</c> (308) instead of refusing it; default: the group's.</summary>
    public bool? RedirectHttp { get; init; }

    /// <summary>Timeout of this API, over the backend's.</summary>
    [Between("1ms", "24h")]
    public TimeSpan? Timeout { get; init; }

    /// <summary>Method sent to a web function; default: the client's.</summary>
    public string? BackendMethod { get; init; }

    /// <summary>Path sent to a web function, with <c>[name]</c> and <c>*</c> of <see cref="Path"/>; default: the path asked for.</summary>
    public string? BackendPath { get; init; }

    /// <summary>Content type of an event function's answer when the function gives none.</summary>
    public string? ResponseContentType { get; init; }

    /// <summary>Makes <see cref="ResponseContentType"/> win over the function's own.</summary>
    public bool ForceResponseContentType { get; init; }

    /// <summary>Lets <c>%2F</c> into a path segment; it goes on unchanged.</summary>
    public bool AllowEncodedSlash { get; init; }

    /// <summary>Largest request body; default: the limit of the backend's kind.</summary>
    [Between("0B", "1024GB")]
    public ByteSize? MaxRequestBody { get; init; }
}

/// <summary>Names of the policies that hold for a group or an API.</summary>
public sealed record PolicyReferencesOptions
{
    /// <summary>Name of a policy of type <c>IpAccess</c>.</summary>
    public string? IpAccess { get; init; }

    /// <summary>Name of a policy of type <c>Throttling</c>, or a list of names, all of which hold; an empty list for none.</summary>
    [OneOrMany]
    public IReadOnlyList<string>? Throttling { get; init; }

    /// <summary>Name of a policy of type <c>Cors</c>.</summary>
    public string? Cors { get; init; }
}

/// <summary>Who may call an API.</summary>
public enum ApiAuth
{
    /// <summary>Only apps that the API lists.</summary>
    App,

    /// <summary>Anybody.</summary>
    None,
}

/// <summary>Schemes of a request.</summary>
public enum ApiProtocol
{
    /// <summary>Plain HTTP.</summary>
    [JsonStringEnumMemberName("HTTP")]
    Http,

    /// <summary>HTTP over TLS, at the gateway or at a trusted proxy.</summary>
    [JsonStringEnumMemberName("HTTPS")]
    Https,
}

/// <summary>Sizes that a request may have; a larger one is refused right after routing, before anything is buffered.</summary>
public sealed record LimitsOptions
{
    /// <summary>Longest request target.</summary>
    [Between("1KB", "64KB")]
    public ByteSize Url { get; init; } = new(8 << 10);

    /// <summary>Names and values of all request headers together.</summary>
    [Between("1KB", "128KB")]
    public ByteSize Headers { get; init; } = new(32 << 10);

    /// <summary>Largest request body on web routes, which stream it.</summary>
    [Between("0B", "1024GB")]
    public ByteSize WebBody { get; init; } = new(32 << 20);

    /// <summary>Largest request body on event routes, which hold it in memory.</summary>
    [Between("0B", "64MB")]
    public ByteSize EventBody { get; init; } = new(6 << 20);
}

/// <summary>How the gateway's own errors look.</summary>
public sealed record ErrorsOptions
{
    /// <summary>Body of an error.</summary>
    public ErrorBody Body { get; init; } = ErrorBody.Problem;

    /// <summary>Status by error code, 400 to 599, over the catalogue's.</summary>
    public IReadOnlyDictionary<string, int> Status { get; init; } = new Dictionary<string, int>();
}

/// <summary>Body of the gateway's own errors.</summary>
public enum ErrorBody
{
    /// <summary><c>application/problem+json</c> with status, title, code, message and request id.</summary>
    Problem,

    /// <summary>No body, as in the cloud.</summary>
    Empty,
}
