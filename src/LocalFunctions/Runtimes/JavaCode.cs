namespace Gateway.LocalFunctions.Runtimes;

/// <summary>What lies in the folder of a Java function.</summary>
/// <param name="Sources">Sources to compile, relative to the folder; empty when it holds only what is compiled.</param>
/// <param name="ClassPath">Folders and jars that the sources and the process need beside what is compiled here.</param>
internal sealed record JavaCode(IReadOnlyList<string> Sources, IReadOnlyList<string> ClassPath)
{
    private static readonly EnumerationOptions WholeTree = new() { RecurseSubdirectories = true };

    /// <summary>Looks at a folder: Maven's layout, or sources, classes and jars as they lie.</summary>
    public static JavaCode Find(string folder)
    {
        // Java itself takes "*" for all jars of a folder.
        var jars = new[] { Path.Combine(folder, "*"), Path.Combine(folder, "lib", "*") };
        var main = Path.Combine(folder, "src", "main", "java");
        var sources = FindSources(folder, Directory.Exists(main) ? main : folder);
        return sources.Count > 0
            ? new JavaCode(sources, [Path.Combine(folder, "src", "main", "resources"), .. jars])
            : new JavaCode([], [Path.Combine(folder, "target", "classes"), folder, .. jars]);
    }

    private static List<string> FindSources(string folder, string root)
        => [.. Directory.EnumerateFiles(root, "*.java", WholeTree)
            .Select(path => Path.GetRelativePath(folder, path))
            .Where(static path => !IsPassedOver(path))
            .Order(StringComparer.Ordinal)];

    /// <summary>Sources that are not the function's: what Maven has generated, and tests.</summary>
    private static bool IsPassedOver(string path)
        => path.StartsWith("target" + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || path.StartsWith(Path.Combine("src", "test") + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
