namespace Gateway.LocalFunctions.Invocations;

/// <summary>Runs the calls of a function that lives in this process.</summary>
internal sealed class InProcessRunner(LocalFunction function, HostLog log) : IFunctionRunner
{
    private readonly string _instanceId = "local-" + Guid.NewGuid().ToString("N");

    public async Task<InvocationResult> InvokeAsync(Invocation call, CancellationToken callerGone)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(callerGone);
        cancellation.CancelAfter(function.Timeout);
        var deadline = TimeProvider.System.GetUtcNow() + function.Timeout;
        var context = new EventFunctionContext(call.RequestId, function.Name, deadline, cancellation.Token);
        try
        {
            // Started on its own, and waited for only until the deadline: that holds for a function that ignores its token, too.
            var body = await Task.Run(() => function.EventHandler!.InvokeAsync(call.Event, context).AsTask(), cancellation.Token)
                .WaitAsync(cancellation.Token);
            return new InvocationResult { Outcome = InvocationOutcome.Answered, Body = body, InstanceId = _instanceId };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            callerGone.ThrowIfCancellationRequested();
            log.Logger.TimedOut(function.Name, function.Timeout, call.RequestId);
            return InvocationResult.Unhandled(FunctionErrors.TimedOut(function.Timeout)) with { InstanceId = _instanceId };
        }
#pragma warning disable CA1031 // Whatever a function throws is its result; the service goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.Logger.Failed(exception, function.Name, call.RequestId);
            return new InvocationResult { Outcome = InvocationOutcome.UnhandledError, Body = FunctionErrors.Write(exception), InstanceId = _instanceId };
        }
    }
}
