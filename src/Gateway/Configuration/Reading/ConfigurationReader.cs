namespace Gateway.Configuration.Reading;

/// <summary>Reads all layers of a configuration into one tree.</summary>
internal static class ConfigurationReader
{
    /// <summary>Reads and merges the layers, lowest first.</summary>
    /// <returns>Null when a layer could not be read, so that the rest says nothing; the problem has been added then.</returns>
    public static ConfigNode? Read(ConfigurationSource source, ProblemList problems)
    {
        var layers = ReadLayers(source, problems);
        return layers.Contains(null) ? null : Merge(layers, problems);
    }

    /// <summary>Reads and merges the layers that can be read, and passes over the others.</summary>
    /// <returns>Null when none can.</returns>
    public static ConfigNode? ReadWhatCanBeRead(ConfigurationSource source, ProblemList problems) => Merge(ReadLayers(source, problems), problems);

    private static ConfigNode?[] ReadLayers(ConfigurationSource source, ProblemList problems)
        =>
        [
            ReadFile(source, ConfigurationSource.BaseFileName, ConfigLayer.BaseFile, problems),
            ReadFile(source, source.StageFileName, ConfigLayer.StageFile, problems),
            SecretFileReader.Read(source.SecretsFolder, problems),
            EnvironmentReader.Read(source.EnvironmentVariables, problems),
            CommandLineReader.Read(source.Arguments, problems),
        ];

    private static ConfigNode? Merge(IEnumerable<ConfigNode?> layers, ProblemList problems)
    {
        var merge = new TreeMerge(problems);
        ConfigNode? root = null;
        foreach (var layer in layers)
        {
            if (layer is not null)
            {
                root = root is null ? layer : merge.Merge(root, layer);
            }
        }

        return root;
    }

    private static ConfigNode? ReadFile(ConfigurationSource source, string name, ConfigLayer layer, ProblemList problems)
    {
        var origin = new ConfigOrigin(layer, name);
        var path = source.PathOf(name);
        try
        {
            // A link that leads nowhere is not a file that was never there: reading it fails, and so it should.
            return File.Exists(path) || new FileInfo(path).LinkTarget is not null
                ? JsonFileReader.Read(File.ReadAllBytes(path), origin, problems)
                : Missing(source, origin, problems);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(name, origin, $"the file cannot be read: {exception.Message} Give the gateway's user the right to read it.");
            return null;
        }
    }

    private static ConfigNode? Missing(ConfigurationSource source, ConfigOrigin origin, ProblemList problems)
    {
        // A mount in the wrong place, or a name in another case, must not pass for a configuration without overrides.
        if (OtherSpelling(source.Folder, origin.Name) is { } spelling)
        {
            problems.Add(origin.Name, origin, $"the file is named '{spelling}', and names are case-sensitive. Rename it to {origin.Name}.");
            return null;
        }

        if (origin.Layer == ConfigLayer.BaseFile)
        {
            problems.Add(origin.Name, origin, $"there is no such file in '{source.Folder}'. Add it, or name its folder with --config.");
            return null;
        }

        return ConfigNode.Object("", origin, []);
    }

    private static string? OtherSpelling(string folder, string name)
        => !Directory.Exists(folder)
            ? null
            : Directory.EnumerateFiles(folder, "*.json")
                .Select(Path.GetFileName)
                .FirstOrDefault(found => found != name && name.Equals(found, StringComparison.OrdinalIgnoreCase));
}
