namespace Gateway.Backends.SystemParameters;

/// <summary>Where the backend finds one value that only the gateway knows: in a header or a query parameter.</summary>
public sealed record SystemParameterOptions
{
    /// <summary>Name of the request header; one of Header and Query.</summary>
    public string? Header { get; init; }

    /// <summary>Name of the query parameter; one of Header and Query.</summary>
    public string? Query { get; init; }
}
