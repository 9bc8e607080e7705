namespace Gateway.TestSupport;

/// <summary>Programs of this machine that some tests need.</summary>
public static class Programs
{
    /// <summary>Whether a program is on PATH.</summary>
    /// <param name="name">Its name without an extension, e.g. <c>node</c>.</param>
    public static bool IsOnPath(string name)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, name)) || File.Exists(Path.Combine(folder, name + ".exe")));
}
