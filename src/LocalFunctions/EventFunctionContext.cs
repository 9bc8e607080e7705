namespace Gateway.LocalFunctions;

/// <summary>What an event function is told of the call beside the event.</summary>
/// <param name="RequestId">Id of this call; also in <c>X-Fc-Request-Id</c> of the answer.</param>
/// <param name="FunctionName">Name under which the function was called.</param>
/// <param name="Deadline">When <paramref name="Cancellation"/> ends the call for good.</param>
/// <param name="Cancellation">Cancelled at the deadline, and when the caller has gone.</param>
public sealed record EventFunctionContext(string RequestId, string FunctionName, DateTimeOffset Deadline, CancellationToken Cancellation);
