namespace Gateway.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Path">The key it is about, e.g. <c>Gateway:Backends:hello:Timeout</c>.</param>
/// <param name="Origin">Where that key, or what should have held it, was written.</param>
/// <param name="Message">What was found and how to mend it. Never a secret.</param>
internal sealed record Problem(string Path, ConfigOrigin Origin, string Message);

/// <summary>Collects problems, so that the operator sees all of them at once.</summary>
internal sealed class ProblemList
{
    private readonly List<Problem> _problems = [];
    private readonly HashSet<string> _paths = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many there are.</summary>
    public int Count => _problems.Count;

    /// <summary>Adds one.</summary>
    public void Add(string path, ConfigOrigin origin, string message)
    {
        _problems.Add(new Problem(path, origin, message));
        _paths.Add(path);
    }

    /// <summary>Whether this very path has a problem already, so that its consequences need not be told as well.</summary>
    public bool Has(string path) => _paths.Contains(path);

    /// <summary>Whether a key below a path has a problem already.</summary>
    public bool HasBelow(string path) => _paths.Any(known => known.Length > path.Length && known[path.Length] == ':' && known.StartsWith(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>All problems by layer, file, line and path.</summary>
    public IReadOnlyList<Problem> Sorted()
        => [.. _problems
            .OrderBy(static problem => problem.Origin.Layer)
            .ThenBy(static problem => problem.Origin.Name, StringComparer.Ordinal)
            .ThenBy(static problem => problem.Origin.Line)
            .ThenBy(static problem => problem.Path, StringComparer.Ordinal)];
}
