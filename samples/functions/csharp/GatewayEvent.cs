namespace Gateway.Samples;

/// <summary>The event that the gateway makes of a request. The gateway always sends all seven keys.</summary>
/// <param name="Path">The path that the client asked for, still percent-encoded: <c>/hello/Ada</c>.</param>
/// <param name="HttpMethod">The method: <c>GET</c>.</param>
/// <param name="Headers">The request's headers. The spelling of a name is the client's.</param>
/// <param name="QueryParameters">The query, decoded; the first value of a repeated name.</param>
/// <param name="PathParameters">The <c>[name]</c> parts of the API's path, decoded.</param>
/// <param name="Body">The body: as Base64 when <paramref name="IsBase64Encoded"/> says so, else as text; empty when there is none.</param>
/// <param name="IsBase64Encoded">True for every body but a form.</param>
public sealed record GatewayEvent(
    string? Path,
    string? HttpMethod,
    IReadOnlyDictionary<string, string>? Headers,
    IReadOnlyDictionary<string, string>? QueryParameters,
    IReadOnlyDictionary<string, string>? PathParameters,
    string? Body,
    bool IsBase64Encoded);
