using System.Collections.Frozen;
using Gateway.LocalFunctions.Invocations;
using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions;

/// <summary>The functions of a host by name: those of this process, which stay, and those with processes of their own, which configuration may change.</summary>
internal sealed class FunctionTable(IEnumerable<LocalFunction> builtIn, HostLog log, ProcessEnvironment processes) : IAsyncDisposable
{
    private readonly FrozenDictionary<string, LocalFunction> _builtIn = builtIn.ToFrozenDictionary(static function => function.Name, StringComparer.Ordinal);
    private readonly FrozenDictionary<string, InProcessRunner> _runners = builtIn
        .Where(static function => function.Kind == LocalFunctionKind.Event)
        .ToFrozenDictionary(static function => function.Name, function => new InProcessRunner(function, log), StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private volatile FrozenDictionary<string, ProcessFunction> _processes = FrozenDictionary<string, ProcessFunction>.Empty;
    private List<ProcessFunction> _retired = [];
    private bool _isDisposed;

    /// <summary>What runs the calls of an event function; null when there is none of that name.</summary>
    public IFunctionRunner? FindRunner(string name)
        => _runners.TryGetValue(name, out var runner) ? runner : _processes.GetValueOrDefault(name);

    /// <summary>The function of this process of that name; null when there is none.</summary>
    public LocalFunction? FindBuiltIn(string name) => _builtIn.GetValueOrDefault(name);

    /// <summary>The function with processes of its own of that name; null when there is none.</summary>
    public ProcessFunction? FindProcess(string name) => _processes.GetValueOrDefault(name);

    /// <summary>Replaces the functions with processes of their own. One whose options are the same keeps its processes; calls in flight end where they began.</summary>
    /// <param name="functions">Their options by name.</param>
    /// <param name="folder">What relative folders of code start from.</param>
    public void Apply(IReadOnlyDictionary<string, LocalFunctionOptions> functions, string folder)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            var before = _processes;
            var next = new Dictionary<string, ProcessFunction>(StringComparer.Ordinal);
            foreach (var (name, options) in functions)
            {
                var function = before.GetValueOrDefault(name);
                next[name] = function is not null && function.IsFor(options, folder) ? function : new ProcessFunction(name, options, folder, processes, log);
            }

            _processes = next.ToFrozenDictionary(StringComparer.Ordinal);
            _retired = [.. _retired.Concat(before.Values.Except(next.Values)).Where(static function => !function.RetireAsync().IsCompleted)];
        }
    }

    /// <summary>Ends all processes. Calls in flight are cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        List<ProcessFunction> all;
        lock (_lock)
        {
            _isDisposed = true;
            all = [.. _processes.Values, .. _retired];
            _processes = FrozenDictionary<string, ProcessFunction>.Empty;
        }

        await Task.WhenAll(all.Select(static function => function.DisposeAsync().AsTask()));
    }
}
