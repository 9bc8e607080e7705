namespace Gateway.Configuration.Reading;

/// <summary>Reads environment variables: <c>Gateway__Stage</c> is the key <c>Gateway:Stage</c>. All of them, for the other sections' sake.</summary>
internal static class EnvironmentReader
{
    /// <summary>The variables as a tree.</summary>
    public static ConfigNode Read(IReadOnlyDictionary<string, string> variables, ProblemList problems)
        => FlatTree.Build(
            variables
                .OrderBy(static variable => variable.Key, StringComparer.Ordinal)
                .Select(static variable => new FlatValue(
                    variable.Key.Replace("__", ":", StringComparison.Ordinal),
                    variable.Value,
                    new ConfigOrigin(ConfigLayer.EnvironmentVariable, variable.Key))),
            ConfigLayer.EnvironmentVariable,
            problems);
}
