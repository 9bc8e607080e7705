using Gateway.LocalFunctions.Runtimes;

namespace Gateway.LocalFunctions.Processes;

/// <summary>What the processes of all functions of one host share.</summary>
/// <remarks>Made on the first call of a function with a process of its own; a host without such functions opens and starts nothing.</remarks>
internal sealed class ProcessEnvironment : IAsyncDisposable
{
    private readonly Lazy<WorkerListener> _listener = new(static () => new WorkerListener());
    private readonly Lazy<OrphanGuard> _guard = new(static () => OrphanGuard.Start());

    private readonly Lazy<JavaBuilds> _java;

    public ProcessEnvironment() => _java = new Lazy<JavaBuilds>(() => new JavaBuilds(this));

    /// <summary>Longest time a process may take over its last hook; the service gives it 90 s, but a developer waits here.</summary>
    public static TimeSpan PreStopTimeout { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Longest time an initialiser may take; the service's own limit by default.</summary>
    public TimeSpan InitializeTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The clock by which idle processes end.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where workers report.</summary>
    public WorkerListener Listener => _listener.Value;

    /// <summary>Ends what is left should this process be killed.</summary>
    public OrphanGuard Guard => _guard.Value;

    /// <summary>Compiled code of the Java functions.</summary>
    public JavaBuilds Java => _java.Value;

    /// <summary>Ends what is left. The functions' own processes have ended before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_java.IsValueCreated)
        {
            await _java.Value.DisposeAsync();
        }

        if (_listener.IsValueCreated)
        {
            _listener.Value.Dispose();
        }

        if (_guard.IsValueCreated)
        {
            await _guard.Value.DisposeAsync();
        }
    }
}
