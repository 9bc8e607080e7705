using Gateway.LocalFunctions.Invocations;

namespace Gateway.LocalFunctions.Processes;

/// <summary>One process of a function, warm and ready. Runs one call at a time. Disposing of it tells it to stop, then ends it with all it started.</summary>
internal interface IWorker : IAsyncDisposable
{
    /// <summary>False once the process must not get another call: it ended, failed or took too long.</summary>
    bool IsUsable { get; }

    /// <summary>Runs one call to its end. Never throws for what the function does.</summary>
    Task<InvocationResult> InvokeAsync(Invocation call);
}
