using System.Collections;
using System.Collections.Frozen;
using Gateway.LocalFunctions;

namespace Gateway.Configuration;

/// <summary>Everything that a configuration is read from. Reading it twice gives the same result unless a file changed.</summary>
internal sealed record ConfigurationSource
{
    /// <summary>Name of the file that every stage reads.</summary>
    public const string BaseFileName = "appsettings.json";

    /// <summary>Folder of the files.</summary>
    public required string Folder { get; init; }

    /// <summary>Name of the environment, e.g. <c>Production</c>; it chooses the second file and the stage.</summary>
    public string Environment { get; init; } = "Production";

    /// <summary>Folder of the secret files; it need not exist.</summary>
    public string SecretsFolder { get; init; } = "/run/secrets";

    /// <summary>Environment variables by name; default: those of the process.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables { get; init; } = ProcessVariables();

    /// <summary>
    /// Arguments of the program that set keys: <c>--Key:Sub=value</c> or <c>--Key:Sub value</c>. Verbs and switches are taken out before.
    /// </summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The sample functions inside the program by name, which backends without an address may use in Development.</summary>
    public IReadOnlyDictionary<string, LocalFunctionKind> BuiltInFunctions { get; init; } = FrozenDictionary<string, LocalFunctionKind>.Empty;

    /// <summary>Name of the stage's own file.</summary>
    public string StageFileName => $"appsettings.{Environment}.json";

    /// <summary>Full path of a file of <see cref="Folder"/>.</summary>
    public string PathOf(string fileName) => Path.Combine(Folder, fileName);

    private static Dictionary<string, string> ProcessVariables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }
}
