namespace Gateway.Backends.EventFunctions;

/// <summary>The event of a call that is about to be sent, for tools that show it or send another.</summary>
public static class OutgoingEvent
{
    /// <summary>A copy of the event, UTF-8; null when the request is no call of an event function.</summary>
    public static byte[]? Read(HttpRequestMessage call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Options.TryGetValue(EventCall.Key, out var eventCall) ? eventCall.Content.Bytes.ToArray() : null;
    }

    /// <summary>Puts other bytes in place of the event. They are signed and sent as they are, whatever they hold.</summary>
    /// <exception cref="InvalidOperationException">The request is no call of an event function.</exception>
    public static void Replace(HttpRequestMessage call, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.Options.TryGetValue(EventCall.Key, out var eventCall))
        {
            throw new InvalidOperationException("The request carries no event.");
        }

        var buffer = new PooledBuffer(Math.Max(bytes.Length, 1));
        bytes.CopyTo(buffer.GetSpan(bytes.Length));
        buffer.Advance(bytes.Length);
        eventCall.Replace(new EventContent(buffer));
    }
}
