using Gateway.LocalFunctions;

namespace Gateway.Configuration.Validation;

/// <summary>What the rules share: the tree for origins, the process's circumstances, and where problems go.</summary>
internal sealed class ValidationContext(ConfigNode root, ConfigurationSource source, ProblemList problems)
{
    /// <summary>True in the environment Development.</summary>
    public bool IsDevelopment => source.Environment == StageName.Development;

    /// <summary>The sample functions inside the program by name.</summary>
    public IReadOnlyDictionary<string, LocalFunctionKind> BuiltInFunctions => source.BuiltInFunctions;

    /// <summary>Adds a problem; its origin is the key's, or that of the nearest object around it.</summary>
    public void Add(string path, string message) => problems.Add(path, OriginOf(path), message);

    /// <summary>Adds that a required key is absent, unless its value has a problem already.</summary>
    /// <param name="path">Path of the key.</param>
    /// <param name="fix">What to write.</param>
    public void AddMissing(string path, string fix)
    {
        if (!problems.Has(path))
        {
            Add(path, $"the key is missing. {fix}");
        }
    }

    /// <summary>Whether a key's value has a problem already.</summary>
    public bool HasProblem(string path) => problems.Has(path);

    /// <summary>Whether a key below a path has a problem already.</summary>
    public bool HasProblemBelow(string path) => problems.HasBelow(path);

    /// <summary>Where a key was written.</summary>
    public ConfigOrigin OriginOf(string path) => root.Nearest(path).Origin;

    /// <summary>Whether a key is there, valid or not.</summary>
    public bool Exists(string path) => root.Nearest(path).Path.Equals(path, StringComparison.OrdinalIgnoreCase);

    /// <summary>The entries of a map by name, for rules that ask each of many entries what was written in it; empty when there is no such map.</summary>
    public IReadOnlyDictionary<string, ConfigNode> EntriesOf(string path)
        => (Exists(path) ? root.Nearest(path).Children : []).ToDictionary(static child => child.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>Keys of a map as written, those of entries with problems included.</summary>
    public IEnumerable<string> KeysOf(string path) => Exists(path) ? root.Nearest(path).Children.Select(static child => child.Key) : [];
}
