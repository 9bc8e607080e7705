namespace Gateway.LocalFunctions.Invocations;

/// <summary>What came of a call.</summary>
internal sealed record InvocationResult
{
    /// <summary>How it ended.</summary>
    public required InvocationOutcome Outcome { get; init; }

    /// <summary>The function's result, or its error object as its runtime writes it; empty for an error of the service.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The service's name of its error, e.g. <c>FunctionNotStarted</c>; null for what the function itself said.</summary>
    public string? Code { get; init; }

    /// <summary>What is wrong and what to do, with <see cref="Code"/>.</summary>
    public string? Message { get; init; }

    /// <summary>The process that answered; null when none did.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Largest memory of that process so far, in bytes; null when it is not known.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>The end of what the call has logged, at most 4 KB; null when it was not asked for.</summary>
    public string? Log { get; init; }

    /// <summary>The function could not be started.</summary>
    public static InvocationResult NotStarted(string code, string message) => new() { Outcome = InvocationOutcome.NotStarted, Code = code, Message = message };

    /// <summary>Too many calls at once.</summary>
    public static InvocationResult Busy(string message) => new() { Outcome = InvocationOutcome.Busy, Code = "ResourceExhausted", Message = message };

    /// <summary>A custom runtime's server sent no answer that could be read.</summary>
    public static InvocationResult BadResponse(string message) => new() { Outcome = InvocationOutcome.BadResponse, Code = "BadResponse", Message = message };

    /// <summary>An error of the function that the host, not the runtime, words.</summary>
    public static InvocationResult Unhandled(string errorMessage)
        => new() { Outcome = InvocationOutcome.UnhandledError, Body = FunctionErrors.Write(errorMessage) };
}
