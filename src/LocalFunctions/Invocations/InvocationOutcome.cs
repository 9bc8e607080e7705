namespace Gateway.LocalFunctions.Invocations;

/// <summary>How a call ended.</summary>
internal enum InvocationOutcome
{
    /// <summary>The function answered; the body is its result.</summary>
    Answered,

    /// <summary>The function reported an error itself (Node.js: <c>callback(error)</c>); the body is the error object.</summary>
    HandledError,

    /// <summary>The function threw, exited or took too long; the body is the error object.</summary>
    UnhandledError,

    /// <summary>The function could not be started; the error is the service's.</summary>
    NotStarted,

    /// <summary>As many calls as the function may have are running; the error is the service's.</summary>
    Busy,

    /// <summary>The server of a custom runtime lives, but what it sent is no answer; the error is the service's.</summary>
    BadResponse,
}
