using Gateway.Backends;
using Gateway.Contracts;
using Gateway.Policies;

namespace Gateway.Routing;

/// <summary>One API, compiled: what the pipeline checks a request against once the matcher has chosen it. Immutable.</summary>
/// <remarks>It hangs on the endpoint of its route, so that what was matched, what is checked and what is forwarded cannot disagree.</remarks>
internal sealed class Api
{
    /// <summary>Group and name, <c>fc-group/greet</c>; also the id of its YARP route.</summary>
    public required string Id { get; init; }

    /// <summary>What it is called in metrics, traces and logs.</summary>
    public required ApiLabels Labels { get; init; }

    /// <summary>Hosts of the group as configured, exact or <c>*.suffix</c>; empty for any.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Base path and path together.</summary>
    public required PathTemplate Path { get; init; }

    /// <summary>Methods, or <c>ANY</c> alone.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>True when <c>%2F</c> may stand in a path segment.</summary>
    public required bool AllowEncodedSlash { get; init; }

    /// <summary>What a request is checked against; metadata of the endpoint.</summary>
    public required ApiPolicy Policy { get; init; }

    /// <summary>Name of the backend.</summary>
    public required string BackendName { get; init; }

    /// <summary>How the backend is used; null for a mock.</summary>
    public ApiBackend? Backend { get; init; }

    /// <summary>The fixed answer; null unless the backend is a mock.</summary>
    public MockOptions? Mock { get; init; }
}
