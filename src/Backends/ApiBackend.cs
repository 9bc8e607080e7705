using Gateway.Backends.SystemParameters;
using Gateway.Contracts;

namespace Gateway.Backends;

/// <summary>One API's use of its backend, compiled: all that the transforms of its route need. Immutable.</summary>
public sealed class ApiBackend
{
    /// <summary>Group and API, <c>fc-group/greet</c>. For logs.</summary>
    public required string ApiId { get; init; }

    /// <summary>Name of the backend.</summary>
    public required string BackendName { get; init; }

    /// <summary>The backend's options.</summary>
    public required FunctionOptions Options { get; init; }

    /// <summary>Path of the API, base path of the group included.</summary>
    public required PathTemplate Path { get; init; }

    /// <summary>Path sent to the backend; null for the path asked for.</summary>
    public PathTemplate? BackendPath { get; init; }

    /// <summary>Method sent to a web function; null for the client's.</summary>
    public string? BackendMethod { get; init; }

    /// <summary>Effective timeout: the API's, else the backend's.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Content type of an event function's answer when the function gives none; null for the default.</summary>
    public string? ResponseContentType { get; init; }

    /// <summary>True when <see cref="ResponseContentType"/> wins over the function's own.</summary>
    public bool ForceResponseContentType { get; init; }

    /// <summary>True when an AppCode may stand in the query, which the backend must not see.</summary>
    public bool RemovesAppCodeQuery { get; init; }

    /// <summary>The stage that is served; null in Development.</summary>
    public string? Stage { get; init; }

    /// <summary>Values that the gateway adds for the backend.</summary>
    public IReadOnlyList<SystemParameter> SystemParameters { get; init; } = [];

    /// <summary>Largest request body, in bytes. The server enforces it while the body is read.</summary>
    public required long MaxRequestBody { get; init; }
}

/// <summary>Where the transforms and the client factory find what was compiled for a route or cluster of the configuration being applied.</summary>
public interface IBackendSource
{
    /// <summary>The backend use of the API with this YARP route id.</summary>
    /// <exception cref="KeyNotFoundException">The route is not part of the configuration.</exception>
    ApiBackend FindRoute(string routeId);

    /// <summary>The options of the backend with this YARP cluster id.</summary>
    /// <exception cref="KeyNotFoundException">The cluster is not part of the configuration.</exception>
    FunctionOptions FindCluster(string clusterId);
}
