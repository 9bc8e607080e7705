using System.Text;

namespace Gateway.Configuration.Reading;

/// <summary>Reads secret files: the name is the key with <c>__</c> for colons, the text is the value without its last line break.</summary>
/// <remarks>
/// Files without <c>__</c> in their name belong to other programs. Names with a dot in front and folders are passed over: Kubernetes keeps
/// its <c>..data</c> link there.
/// </remarks>
internal static class SecretFileReader
{
    private const int MaxBytes = 64 << 10;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The files as a tree; an empty one when the folder does not exist.</summary>
    /// <returns>Null when a file cannot be read, with the problem added.</returns>
    public static ConfigNode? Read(string folder, ProblemList problems)
    {
        var before = problems.Count;
        var values = new List<FlatValue>();
        try
        {
            foreach (var file in Files(folder))
            {
                var name = Path.GetFileName(file);
                var origin = new ConfigOrigin(ConfigLayer.SecretFile, name);
                var path = name.Replace("__", ":", StringComparison.Ordinal);
                if (ReadText(file, path, origin, problems) is { } text)
                {
                    values.Add(new FlatValue(path, text, origin));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(
                "",
                new ConfigOrigin(ConfigLayer.SecretFile, folder),
                $"the folder cannot be read: {exception.Message} Give the gateway's user the right to read it.");
        }

        return problems.Count > before ? null : FlatTree.Build(values, ConfigLayer.SecretFile, problems);
    }

    /// <summary>The secret files of a folder that are ours, by name.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static IReadOnlyList<string> Files(string folder)
        => !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder)
                .Where(static file => Path.GetFileName(file) is var name && name[0] != '.' && name.Contains("__", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)];

    private static string? ReadText(string file, string path, ConfigOrigin origin, ProblemList problems)
    {
        try
        {
            using var stream = File.OpenRead(file);
            if (stream.Length > MaxBytes)
            {
                problems.Add(path, origin, "the file is larger than 64 KB. Put the value alone into it.");
                return null;
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return StrictUtf8.GetString(bytes).TrimEnd('\r', '\n');
        }
        catch (DecoderFallbackException)
        {
            problems.Add(path, origin, "the file is not UTF-8 text. Save the value as plain text.");
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(
                path, origin, $"the file cannot be read ({exception.GetType().Name}). Give the gateway's user the right to read it, or remove it.");
            return null;
        }
    }
}
