using System.Runtime.CompilerServices;

namespace Gateway.TestSupport;

/// <summary>Compares text with a committed file, byte for byte. <c>UPDATE_GOLDEN=1</c> writes the file instead.</summary>
public static class Golden
{
    /// <summary>Compares with a file beside the calling test.</summary>
    /// <param name="name">Path of the file, relative to the test's source file.</param>
    /// <param name="actual">The text to compare.</param>
    /// <param name="source">Filled in by the compiler.</param>
    public static void Matches(string name, string actual, [CallerFilePath] string source = "")
        => MatchesFile(Path.Combine(Path.GetDirectoryName(source)!, name), actual);

    /// <summary>Compares with the file at a full path.</summary>
    public static void MatchesFile(string path, string actual)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        var expected = File.Exists(path) ? File.ReadAllText(path) : throw new FileNotFoundException("No golden file; run with UPDATE_GOLDEN=1 and review it.", path);
        if (expected != actual)
        {
            throw new InvalidOperationException($"{path} differs.{Environment.NewLine}expected: {expected}{Environment.NewLine}actual:   {actual}");
        }
    }
}
