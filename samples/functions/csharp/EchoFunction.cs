using Gateway.LocalFunctions;

namespace Gateway.Samples;

/// <summary>An event function that answers the event it got, byte for byte: shows what the gateway sends.</summary>
/// <example><code>curl 'http://localhost:8080/event/anything?a=1' -d 'some body'</code></example>
public sealed class EchoFunction : IEventFunction
{
    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> InvokeAsync(ReadOnlyMemory<byte> eventBytes, EventFunctionContext context)
    {
        var head = """{"statusCode":200,"headers":{"Content-Type":"application/json; charset=utf-8"},"isBase64Encoded":false,"body":"""u8;
        var tail = "}"u8;

        // The event is a JSON object, so it can stand as the body of the result as it is.
        return new((byte[])[.. head, .. eventBytes.Span, .. tail]);
    }
}
