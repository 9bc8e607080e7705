namespace Gateway.Configuration;

/// <summary>The layers of the configuration, lowest first: a later one wins.</summary>
internal enum ConfigLayer
{
    /// <summary>What the process was started with, such as the name of the environment.</summary>
    Process,

    /// <summary><c>appsettings.json</c>.</summary>
    BaseFile,

    /// <summary><c>appsettings.{Environment}.json</c>.</summary>
    StageFile,

    /// <summary>One file per key.</summary>
    SecretFile,

    /// <summary>A variable of the process.</summary>
    EnvironmentVariable,

    /// <summary>An argument of the program.</summary>
    CommandLine,
}

/// <summary>Where a key or value was written.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Name">Name of the file, variable or argument; never a value.</param>
/// <param name="Line">Line of the file, from 1; 0 when there are no lines.</param>
internal readonly record struct ConfigOrigin(ConfigLayer Layer, string Name, int Line = 0)
{
    /// <summary>True for the two JSON files.</summary>
    public bool IsFile => Layer is ConfigLayer.BaseFile or ConfigLayer.StageFile;

    /// <summary>As it stands in a report, e.g. <c>appsettings.Test.json:14</c>.</summary>
    public override string ToString() => Layer switch
    {
        ConfigLayer.SecretFile => $"secret file {Name}",
        ConfigLayer.EnvironmentVariable => $"environment variable {Name}",
        ConfigLayer.CommandLine => $"command line {Name}",
        _ => Line == 0 ? Name : $"{Name}:{Line}",
    };
}
