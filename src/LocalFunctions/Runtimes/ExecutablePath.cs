namespace Gateway.LocalFunctions.Runtimes;

/// <summary>Looks for programs on PATH.</summary>
internal static class ExecutablePath
{
    private static readonly string[] Extensions = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];

    /// <summary>Full path of the first of several programs that is there; null when none is.</summary>
    public static string? FindFirst(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { } path)
            {
                return path;
            }
        }

        return null;
    }

    private static string? Find(string name)
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var extension in Extensions)
            {
                var path = Path.Combine(folder, name + extension);
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        return null;
    }
}
