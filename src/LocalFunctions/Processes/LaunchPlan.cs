namespace Gateway.LocalFunctions.Processes;

/// <summary>How a function's process is started.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record LaunchPlan(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables beside those every function process gets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
