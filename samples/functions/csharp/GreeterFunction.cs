using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.LocalFunctions;

namespace Gateway.Samples;

/// <summary>An event function: reads the event as an object, answers with an object.</summary>
/// <example>
/// <code>
/// curl http://localhost:8080/hello/Ada
/// curl http://localhost:8080/hello/Ada -H 'Content-Type: application/json' -d '{"greeting":"Good morning"}'
/// </code>
/// </example>
public sealed class GreeterFunction : IEventFunction
{
    // Web defaults: camelCase names, written and read.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // é stays é
    };

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> InvokeAsync(ReadOnlyMemory<byte> eventBytes, EventFunctionContext context)
    {
        var request = JsonSerializer.Deserialize<GatewayEvent>(eventBytes.Span, Json) ?? throw new JsonException("The event is null.");
        return new(JsonSerializer.SerializeToUtf8Bytes(Greet(request), Json));
    }

    private static GatewayResult Greet(GatewayEvent request)
    {
        var name = Find(request.PathParameters, "name") ?? Find(request.QueryParameters, "name") ?? "world";
        var greeting = ReadGreeting(request) ?? "Hello";

        return new GatewayResult(
            StatusCode: "200",
            Headers: new Dictionary<string, string>
            {
                ["Content-Type"] = "application/json; charset=utf-8",
                ["X-Greeter"] = "csharp",
            },
            Body: new
            {
                Message = $"{greeting}, {name}!",
                Method = request.HttpMethod,
                request.Path,
                Query = request.QueryParameters,
                UserAgent = Find(request.Headers, "User-Agent"),
            });
    }

    /// <summary>The greeting that a JSON body asks for: <c>{"greeting":"Good morning"}</c>; null when it asks for none.</summary>
    private static string? ReadGreeting(GatewayEvent request)
    {
        if (string.IsNullOrEmpty(request.Body))
        {
            return null;
        }

        try
        {
            var body = request.IsBase64Encoded ? Convert.FromBase64String(request.Body) : Encoding.UTF8.GetBytes(request.Body);
            return JsonSerializer.Deserialize<GreetingRequest>(body, Json)?.Greeting;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null; // not a body for us
        }
    }

    /// <summary>Looks a name up whatever its case: header names come as the client spelled them.</summary>
    private static string? Find(IReadOnlyDictionary<string, string>? map, string name)
        => map?.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private sealed record GreetingRequest(string? Greeting);
}
