namespace Gateway.LocalFunctions;

/// <summary>Warns of functions that cannot be called on this machine: once for each function and reason, as soon as there is a log.</summary>
/// <remarks>A reason that has gone away and comes back is a new one. Thread-safe.</remarks>
internal sealed class MissingFunctions(HostLog log)
{
    private readonly Lock _lock = new();
    private readonly HashSet<(string Function, string Missing)> _found = [];
    private readonly HashSet<(string Function, string Missing)> _logged = [];

    /// <summary>Looks at the functions that were just taken over.</summary>
    /// <param name="functions">Their options by name, already checked.</param>
    /// <param name="folder">What relative folders of code start from.</param>
    public void Look(IReadOnlyDictionary<string, LocalFunctionOptions> functions, string folder)
    {
        lock (_lock)
        {
            _found.Clear();
            _found.UnionWith(functions.SelectMany(function => LocalFunctionRules.FindMissing(function.Value, folder).Select(missing => (function.Key, missing))));
            _logged.IntersectWith(_found);
            LogNew();
        }
    }

    /// <summary>Logs what was found before there was a log.</summary>
    public void LogNew()
    {
        lock (_lock)
        {
            if (!log.IsThere)
            {
                return;
            }

            foreach (var (function, missing) in _found)
            {
                if (_logged.Add((function, missing)))
                {
                    log.Logger.Missing(function, missing);
                }
            }
        }
    }
}
