namespace Gateway.LocalFunctions.Processes;

/// <summary>A function's process could not be started.</summary>
/// <param name="code">The function service's name for it: <c>FunctionNotStarted</c>, <c>CAFileNotFound</c> or <c>CAExited</c>.</param>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class StartFailedException(string code, string message) : Exception(message)
{
    /// <summary>The function service's name for it.</summary>
    public string Code => code;
}
