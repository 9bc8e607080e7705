namespace Gateway.LocalFunctions;

/// <summary>Something that answers an event. Called concurrently, so it must be thread-safe.</summary>
public interface IEventFunction
{
    /// <summary>Answers one event.</summary>
    /// <param name="eventBytes">The event as posted; through the gateway, UTF-8 JSON. Valid until the returned task completes.</param>
    /// <param name="context">What is known of this call.</param>
    /// <returns>
    /// The result, sent as it is; through the gateway, UTF-8 JSON with <c>statusCode</c>, <c>headers</c>, <c>isBase64Encoded</c> and
    /// <c>body</c>.
    /// </returns>
    /// <remarks>An exception becomes a function error: message, type and stack trace go to the caller, as the cloud sends them.</remarks>
    ValueTask<ReadOnlyMemory<byte>> InvokeAsync(ReadOnlyMemory<byte> eventBytes, EventFunctionContext context);
}
