namespace Gateway.Configuration.Reload;

/// <summary>What tells one version of a file from the next without reading it.</summary>
/// <param name="Path">The path that was asked for.</param>
/// <param name="Target">Where it leads once every link on the way is followed; null when there is no file.</param>
/// <param name="Written">Time of the last change of the content.</param>
/// <param name="Born">Time of creation, which a rename over the file changes even when it keeps <paramref name="Written"/>.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct FileStamp(string Path, string? Target, DateTime Written, DateTime Born, long Length)
{
    /// <summary>Stamps a file. A file that is missing, or may not be looked at, has a stamp as well.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            var target = Follow(path);
            var file = new FileInfo(target);
            return file.Exists
                ? new FileStamp(path, target, file.LastWriteTimeUtc, file.CreationTimeUtc, file.Length)
                : new FileStamp(path, null, default, default, 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new FileStamp(path, null, default, default, 0);
        }
    }

    /// <summary>
    /// Follows links of the file and of each folder above it. Kubernetes swaps the folder link <c>..data</c>, in the middle of the path,
    /// while the file's own link stays as it is.
    /// </summary>
    private static string Follow(string path)
    {
        var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        return System.IO.Path.GetDirectoryName(target) is { } folder
            ? System.IO.Path.Combine(Follow(folder), System.IO.Path.GetFileName(target))
            : target;
    }
}
