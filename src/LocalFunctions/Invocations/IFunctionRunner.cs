namespace Gateway.LocalFunctions.Invocations;

/// <summary>Runs the calls of one event function.</summary>
internal interface IFunctionRunner
{
    /// <summary>Runs one call to its end. Called concurrently. Never throws for what a function does; that is in the result.</summary>
    /// <param name="call">The call.</param>
    /// <param name="callerGone">Cancelled when nobody waits for the answer any more. A call that has begun may go on.</param>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    Task<InvocationResult> InvokeAsync(Invocation call, CancellationToken callerGone);
}
