namespace Gateway.Samples;

/// <summary>The result that the gateway turns into a response.</summary>
/// <param name="StatusCode">HTTP status. Many functions write it as a string, so this sample does; a number is as good.</param>
/// <param name="Headers">Response headers.</param>
/// <param name="Body">The body: an object is sent as its JSON, a string as it is.</param>
/// <param name="IsBase64Encoded"><c>"true"</c> when the body is Base64 and the client gets its bytes. A JSON boolean is as good.</param>
public sealed record GatewayResult(
    string StatusCode, IReadOnlyDictionary<string, string> Headers, object Body, string IsBase64Encoded = "false");
