using Gateway.LocalFunctions.Custom;
using Gateway.LocalFunctions.Invocations;
using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Web;

/// <summary>One process of a web function, with the requests it has.</summary>
internal sealed class WebInstance
{
    /// <summary>In the log, what is written while there are several requests belongs to none.</summary>
    private const string NoRequest = "-";

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _stopping;
    private int _requests;
    private bool _isRetired;
    private Task? _ended;

    /// <summary>Begins to start a process.</summary>
    public WebInstance(
        FunctionSettings function, CodeStamp stamp, string requestId, ProcessEnvironment processes, HostLog log, CancellationToken stopping)
    {
        Stamp = stamp;
        _stopping = stopping;
        Worker = Task.Run(() => StartAsync(function, requestId, processes, log, stopping), CancellationToken.None); // Ends by itself when stopping.
    }

    /// <summary>The code it was started with.</summary>
    public CodeStamp Stamp { get; }

    /// <summary>The process, once it takes requests.</summary>
    /// <exception cref="StartFailedException">It could not be started.</exception>
    /// <exception cref="OperationCanceledException">The host stops.</exception>
    public Task<CustomWorker> Worker { get; }

    /// <summary>False once it must not get another request: it failed to start, or has ended.</summary>
    public bool IsUsable => !Worker.IsCompleted || (Worker.IsCompletedSuccessfully && Worker.Result.IsUsable);

    /// <summary>Counts a request in.</summary>
    public void Enter(string requestId)
    {
        lock (_lock)
        {
            _requests++;
            AttributeOutput(_requests == 1 ? requestId : NoRequest);
        }
    }

    /// <summary>Counts a request out.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _requests--;
            EndIfIdle();
        }
    }

    /// <summary>Ends the process when its requests are done, or all at once.</summary>
    /// <returns>Completes when it has ended.</returns>
    public Task RetireAsync(bool atOnce)
    {
        lock (_lock)
        {
            _isRetired = true;
            EndIfIdle();
            return _ended ??= EndAsync(atOnce);
        }
    }

    private static async Task<CustomWorker> StartAsync(
        FunctionSettings function, string requestId, ProcessEnvironment processes, HostLog log, CancellationToken stopping)
    {
        var worker = await CustomWorker.StartAsync(function, requestId, processes, log, stopping);
        try
        {
            var failure = await worker.InitializeAsync(new Invocation(requestId, function.Name, default, WantsLog: false));
            return failure is null ? worker : throw new StartFailedException("FunctionNotStarted", $"the initializer of function '{function.Name}' failed: {Text(failure)}");
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    private static string Text(InvocationResult failure) => failure.Message ?? System.Text.Encoding.UTF8.GetString(failure.Body.Span);

    private void AttributeOutput(string requestId)
    {
        if (Worker.IsCompletedSuccessfully)
        {
            Worker.Result.Server.Process.Output.Begin(requestId);
        }
    }

    private void EndIfIdle()
    {
        if (_isRetired && _requests == 0)
        {
            _idle.TrySetResult();
        }
    }

    private async Task EndAsync(bool atOnce)
    {
        if (!atOnce)
        {
            await _idle.Task.WaitAsync(_stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        try
        {
            await (await Worker).DisposeAsync();
        }
        catch (Exception exception) when (exception is StartFailedException or OperationCanceledException)
        {
            // There is no process to end.
        }
    }
}
