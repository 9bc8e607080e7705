namespace Gateway.Policies.Authentication;

/// <summary>Opens the temporary files of bodies that are too large for memory.</summary>
internal static class BodyFile
{
    /// <summary>Creates a file that only this process and its user can read, and that is gone when it is closed.</summary>
    /// <param name="folder">Its folder, which must exist; null for the system's temporary folder.</param>
    /// <exception cref="IOException">The folder is missing or full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write to.</exception>
    public static FileStream Create(string? folder)
    {
        var path = Path.Combine(FolderOf(folder), $"gateway-body-{Guid.NewGuid():N}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0, // Written and read in blocks by its users.
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        File.Delete(path); // The open file lives on without its name, and a crash leaves nothing behind.
        return file;
    }

    /// <summary>The folder that is meant: the one given, else the system's.</summary>
    public static string FolderOf(string? folder) => folder ?? Path.GetTempPath();
}
