namespace Gateway.LocalFunctions.Invocations;

/// <summary>One call of an event function.</summary>
/// <param name="RequestId">Its id.</param>
/// <param name="FunctionName">Name under which the function was called.</param>
/// <param name="Event">The event as posted.</param>
/// <param name="WantsLog">True when the caller wants the end of the call's log with the answer.</param>
internal sealed record Invocation(string RequestId, string FunctionName, ReadOnlyMemory<byte> Event, bool WantsLog);
