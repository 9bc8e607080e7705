using Gateway.Contracts;

namespace Gateway.Backends;

/// <summary>An event function: it gets the request as a JSON event and answers with a JSON result.</summary>
public sealed record EventFunctionOptions : FunctionOptions
{
    /// <summary>Version or alias of the function; absent for the latest.</summary>
    public string? Qualifier { get; init; }

    /// <summary>How the function is called.</summary>
    public InvokeProtocol Invoke { get; init; } = InvokeProtocol.FunctionCompute;

    /// <summary>How a form body (<c>application/x-www-form-urlencoded</c>) stands in the event.</summary>
    public FormBodyEncoding FormBody { get; init; } = FormBodyEncoding.Raw;

    /// <summary>How every other body stands in the event.</summary>
    public EventBodyEncoding Body { get; init; } = EventBodyEncoding.Base64;

    /// <summary>Spelling of the header names in the event.</summary>
    public EventHeaderCase EventHeaderCase { get; init; } = EventHeaderCase.Preserve;

    /// <summary>Which value of a repeated query name stands in the event.</summary>
    public RepeatedQuery RepeatedQuery { get; init; } = RepeatedQuery.First;

    /// <summary>Largest result that is read; a larger one is refused without being read to its end.</summary>
    [Between("1KB", "64MB")]
    public ByteSize MaxResult { get; init; } = new(6 << 20);
}

/// <summary>How an event function is called.</summary>
public enum InvokeProtocol
{
    /// <summary>The function service's InvokeFunction API: <c>POST /2023-03-30/functions/{name}/invocations</c>.</summary>
    FunctionCompute,

    /// <summary>The protocol of custom runtimes: <c>POST /invoke</c>.</summary>
    CustomRuntime,
}

/// <summary>How a form body stands in the event.</summary>
public enum FormBodyEncoding
{
    /// <summary>As sent, e.g. <c>a=1&amp;b=2</c>; <c>isBase64Encoded</c> is false.</summary>
    Raw,

    /// <summary>As the text of a JSON map of the decoded fields, first value of each; what the cloud gateway was observed to send. A form of more than 4,096 fields stands as sent.</summary>
    JsonMap,

    /// <summary>Base64 of the bytes, as any other body.</summary>
    Base64,
}

/// <summary>How a body that is not a form stands in the event.</summary>
public enum EventBodyEncoding
{
    /// <summary>Base64 of the bytes; <c>isBase64Encoded</c> is true.</summary>
    Base64,

    /// <summary>As text where the bytes are valid UTF-8 and no Content-Encoding is set, else Base64.</summary>
    Text,
}

/// <summary>Spelling of header names in the event.</summary>
public enum EventHeaderCase
{
    /// <summary>As sent; names that the server knows in their registered spelling; lower case over HTTP/2.</summary>
    Preserve,

    /// <summary>All lower case.</summary>
    Lower,
}

/// <summary>Which value of a repeated query name stands in the event.</summary>
public enum RepeatedQuery
{
    /// <summary>The first.</summary>
    First,

    /// <summary>The last.</summary>
    Last,

    /// <summary>All, joined by commas.</summary>
    Join,
}
