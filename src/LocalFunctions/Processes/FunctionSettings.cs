using System.Globalization;

namespace Gateway.LocalFunctions.Processes;

/// <summary>A function as its processes see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Options">Its options, already checked.</param>
/// <param name="Folder">Full path of its code.</param>
internal sealed record FunctionSettings(string Name, LocalFunctionOptions Options, string Folder)
{
    /// <summary>The settings of a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">Its options, already checked.</param>
    /// <param name="folder">What a relative folder of code starts from.</param>
    public static FunctionSettings Of(string name, LocalFunctionOptions options, string folder)
        => new(name, options, Path.GetFullPath(Path.Combine(folder, options.Code!)));

    /// <summary>Variables that the function service gives every function, under the service's names.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables(string instanceId)
    {
        yield return new("FC_FUNCTION_NAME", Name);
        yield return new("FC_FUNCTION_HANDLER", Options.Handler ?? "");
        yield return new("FC_FUNCTION_MEMORY_SIZE", "512");
        yield return new("FC_FUNC_CODE_PATH", Folder);
        yield return new("FC_TIMEOUT", Seconds);
        yield return new("FC_INITIALIZER_HANDLER", Options.Initializer ?? "");
        yield return new("FC_INSTANCE_LIFECYCLE_PRE_STOP_HANDLER", Options.PreStop ?? "");
        yield return new("FC_INSTANCE_ID", instanceId);
        yield return new("FC_REGION", "local");
        yield return new("FC_ACCOUNT_ID", "0");
        yield return new("FC_QUALIFIER", "LATEST");
        yield return new("FC_VERSION_ID", "LATEST");
    }

    /// <summary>The timeout in whole seconds, at least one.</summary>
    public string Seconds => Math.Max(1, (long)Math.Ceiling(Options.Timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
