using System.IO.Enumeration;

namespace Gateway.LocalFunctions.Processes;

/// <summary>What tells one version of a function's code from the next: how many files, how large, and when the last was written.</summary>
/// <param name="Files">Files of the folder and those below.</param>
/// <param name="Bytes">Their length together.</param>
/// <param name="Written">Ticks of the last change; of a removed or renamed file, that of its folder.</param>
/// <remarks>Folders that hold what tools made or fetched are passed over: hidden ones, and those of installed packages. Not Maven's <c>target</c>: a Java function may run from it.</remarks>
internal readonly record struct CodeStamp(int Files, long Bytes, long Written)
{
    private static readonly string[] PassedOver = ["node_modules", "vendor", "__pycache__", "site-packages"];

    /// <summary>Looks at a folder; the default stamp when it is not there.</summary>
    public static CodeStamp Of(string folder)
    {
        var stamp = default(CodeStamp);
        try
        {
            foreach (var (isFile, bytes, written) in Look(folder))
            {
                stamp = new CodeStamp(stamp.Files + (isFile ? 1 : 0), stamp.Bytes + bytes, Math.Max(stamp.Written, written));
            }
        }
        catch (IOException)
        {
            // Gone, or going: the call finds out.
        }

        return stamp;
    }

    private static FileSystemEnumerable<(bool IsFile, long Bytes, long Written)> Look(string folder)
        => new(
            folder,
            static (ref entry) => (!entry.IsDirectory, entry.IsDirectory ? 0 : entry.Length, entry.LastWriteTimeUtc.UtcTicks),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = static (ref entry) => !entry.IsDirectory || !IsPassedOver(entry.FileName),
            ShouldRecursePredicate = static (ref entry) => !IsPassedOver(entry.FileName) && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint), // no circles
        };

    private static bool IsPassedOver(ReadOnlySpan<char> name)
    {
        foreach (var passedOver in PassedOver)
        {
            if (name.SequenceEqual(passedOver))
            {
                return true;
            }
        }

        return name is ['.', ..];
    }
}
