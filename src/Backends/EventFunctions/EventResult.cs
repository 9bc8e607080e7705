namespace Gateway.Backends.EventFunctions;

/// <summary>A function's result, read: what the client's answer is made of. Its headers are written already.</summary>
internal readonly struct EventResult
{
    /// <summary>HTTP status, 200 to 599.</summary>
    public int StatusCode { get; init; }

    /// <summary>Where the body begins in the bytes that were read.</summary>
    public int BodyStart { get; init; }

    /// <summary>Length of the body, decoded; 0 when there is none.</summary>
    public int BodyLength { get; init; }

    /// <summary>True when <c>body</c> was a JSON value other than a string, so that the body is JSON.</summary>
    public bool IsJson { get; init; }

    /// <summary>Number of headers left out because name or value could not stand in an answer.</summary>
    public int DroppedHeaders { get; init; }

    /// <summary>Name of the first header left out, safe for a log; null when there is none.</summary>
    public string? FirstDroppedHeader { get; init; }

    /// <summary>Name of the first field that the format does not know, safe for a log; null when there is none.</summary>
    public string? FirstUnknownField { get; init; }
}
