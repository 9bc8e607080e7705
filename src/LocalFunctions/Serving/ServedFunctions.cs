namespace Gateway.LocalFunctions.Serving;

/// <summary>What one look at a folder found: functions to serve, or what is wrong. Immutable.</summary>
/// <param name="Functions">Options by name; relative folders of code start from the folder.</param>
/// <param name="Problems">What is wrong, a line each; with any, nothing is to be served.</param>
/// <param name="PassedOver">What of the folder is no function, and why, a line each.</param>
internal sealed record ServedFunctions(
    IReadOnlyDictionary<string, LocalFunctionOptions> Functions, IReadOnlyList<string> Problems, IReadOnlyList<string> PassedOver)
{
    /// <summary>Name of the file that names the functions of a folder.</summary>
    public const string FileName = "functions.json";

    /// <summary>Looks at a folder: at its <c>functions.json</c>, or without one at the folders in it.</summary>
    public static ServedFunctions Look(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return new ServedFunctions(new Dictionary<string, LocalFunctionOptions>(), [$"there is no folder {folder}."], []);
        }

        var file = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(file) ? FunctionsFile.Read(File.ReadAllBytes(file), folder) : FunctionDiscovery.Look(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ServedFunctions(new Dictionary<string, LocalFunctionOptions>(), [$"{folder} cannot be read: {exception.Message}"], []);
        }
    }

    /// <summary>Whether both looks found the same.</summary>
    public bool IsSame(ServedFunctions other)
        => Problems.SequenceEqual(other.Problems)
            && PassedOver.SequenceEqual(other.PassedOver)
            && Functions.Count == other.Functions.Count
            && Functions.All(function => other.Functions.TryGetValue(function.Key, out var options) && options.IsSame(function.Value));
}
