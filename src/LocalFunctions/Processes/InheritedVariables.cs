namespace Gateway.LocalFunctions.Processes;

/// <summary>The variables of this process that those it starts do not inherit.</summary>
internal static class InheritedVariables
{
    private static readonly string[] SettingPrefixes = ["Gateway__", "Kestrel__", "ASPNETCORE_"];

    /// <summary>Takes the gateway's own settings out: they hold secrets, and ports that a server of a function's own would try to take.</summary>
    public static void RemoveSettings(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(IsSetting).ToList())
        {
            environment.Remove(name);
        }
    }

    private static bool IsSetting(string name) => Array.Exists(SettingPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
