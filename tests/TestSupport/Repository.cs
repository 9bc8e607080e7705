using System.Runtime.CompilerServices;

namespace Gateway.TestSupport;

/// <summary>Where things lie on disk while the tests run.</summary>
public static class Repository
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A folder of hostile input that others collected, or null in a plain clone: tests that read it then skip, visibly.</summary>
    /// <param name="name">Name below <c>corpora</c>.</param>
    public static string? Corpus(string name)
    {
        var folder = Path.Combine(Root, "..", "shared", "corpora", name);
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }

    private static string FindRoot([CallerFilePath] string source = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", ".."));
}
