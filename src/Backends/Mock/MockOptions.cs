using System.ComponentModel.DataAnnotations;

namespace Gateway.Backends;

/// <summary>A fixed answer, made by the gateway itself.</summary>
public sealed record MockOptions : BackendOptions
{
    /// <summary>HTTP status.</summary>
    [Range(200, 599)]
    public int StatusCode { get; init; } = 200;

    /// <summary>Response headers by name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The body, as text; sent as UTF-8.</summary>
    public string? Body { get; init; }
}
