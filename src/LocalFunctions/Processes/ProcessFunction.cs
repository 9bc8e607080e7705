using Gateway.LocalFunctions.Invocations;
using Gateway.LocalFunctions.Runtimes;
using Gateway.LocalFunctions.Web;

namespace Gateway.LocalFunctions.Processes;

/// <summary>A function that runs in processes of its own: started on the first call, kept while warm, replaced when they end or the code changes.</summary>
/// <remarks>One process stays warm for as long as the function is there; those that overlapping calls needed end after five idle minutes.</remarks>
internal sealed class ProcessFunction(string name, LocalFunctionOptions options, string folder, ProcessEnvironment processes, HostLog log)
    : IFunctionRunner, IAsyncDisposable
{
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(5);

    private readonly FunctionSettings _settings = FunctionSettings.Of(name, options, folder);
    private readonly Lock _lock = new();
    private readonly List<Slot> _idle = []; // The one used last is the last.
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _ending = [];
    private ITimer? _trimmer;
    private int _running;
    private bool _isRetired;

    /// <summary>The same function for raw HTTP; null when its runtime takes only events.</summary>
    public WebFunction? Web { get; } = options.Runtime == LocalRuntime.Custom ? new WebFunction(FunctionSettings.Of(name, options, folder), processes, log) : null;

    /// <summary>Whether this is the function of these options.</summary>
    public bool IsFor(LocalFunctionOptions other, string otherFolder) => folder == otherFolder && options.IsSame(other);

    /// <inheritdoc/>
    public async Task<InvocationResult> InvokeAsync(Invocation call, CancellationToken callerGone)
    {
        // A call that has begun goes on when its caller has left, as in the cloud: half of a change must not be lost to a closed tab.
        var running = RunAsync(call);
        return await running.WaitAsync(callerGone);
    }

    /// <summary>Ends the processes, each when its call is done. A call that was on its way here still runs, in a process for it alone.</summary>
    /// <returns>Completes when all have ended.</returns>
    public Task RetireAsync()
    {
        lock (_lock)
        {
            if (!_isRetired)
            {
                _isRetired = true;
                _trimmer?.Dispose();
                EndIdle(static _ => true);
                EndIfDrained();
            }
        }

        return Web is null ? _drained.Task : Task.WhenAll(_drained.Task, Web.RetireAsync());
    }

    /// <summary>Ends all processes now. Calls in flight are cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(RetireAsync(), Web?.DisposeAsync().AsTask() ?? Task.CompletedTask);
    }

    private async Task<InvocationResult> RunAsync(Invocation call)
    {
        var stamp = CodeStamp.Of(_settings.Folder);
        Slot? slot;
        lock (_lock)
        {
            if (_running >= options.Concurrency)
            {
                log.Logger.TooManyCalls(name, options.Concurrency, call.RequestId);
                return InvocationResult.Busy($"function '{name}' has reached its Concurrency of {options.Concurrency}");
            }

            _running++;
            slot = TakeIdle(stamp);
        }

        try
        {
            _stopping.Token.ThrowIfCancellationRequested();
            slot ??= new Slot(await StartAsync(call), stamp);
            return await slot.Worker.InvokeAsync(call);
        }
        catch (StartFailedException exception)
        {
            log.Logger.NotStarted(name, LogText.Lines(exception.Message), call.RequestId);
            return InvocationResult.NotStarted(exception.Code, exception.Message);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return InvocationResult.NotStarted("FunctionNotStarted", "the host stops");
        }
        finally
        {
            Release(slot);
        }
    }

    private Task<IWorker> StartAsync(Invocation call) => WorkerFactory.StartAsync(_settings, call.RequestId, processes, log, _stopping.Token);

    /// <summary>A warm process of this version of the code; those of other versions, or that ended since their last call, are cleared away.</summary>
    private Slot? TakeIdle(CodeStamp stamp)
    {
        EndIdle(slot => slot.Stamp != stamp || !slot.Worker.IsUsable);
        if (_idle.Count == 0)
        {
            return null;
        }

        var last = _idle[^1];
        _idle.RemoveAt(_idle.Count - 1);
        return last;
    }

    private void Release(Slot? slot)
    {
        lock (_lock)
        {
            _running--;
            if (slot is not null && slot.Worker.IsUsable && !_isRetired)
            {
                slot.IdleSince = processes.Time.GetTimestamp();
                _idle.Add(slot);
                _trimmer ??= processes.Time.CreateTimer(static function => ((ProcessFunction)function!).Trim(), this, LongestIdle, LongestIdle / 5);
            }
            else if (slot is not null)
            {
                End(slot);
            }

            EndIfDrained();
        }
    }

    /// <summary>Ends processes that have been idle for long, but for the one used last.</summary>
    private void Trim()
    {
        lock (_lock)
        {
            EndIdle(slot => slot != _idle[^1] && processes.Time.GetElapsedTime(slot.IdleSince) >= LongestIdle);
        }
    }

    private void EndIdle(Predicate<Slot> isOver)
    {
        foreach (var slot in _idle.FindAll(isOver))
        {
            _idle.Remove(slot);
            End(slot);
        }
    }

    /// <summary>Ends a process, elsewhere: that looks at all processes of the machine, and may wait for a pre-stop.</summary>
    private void End(Slot slot)
    {
        _ending.RemoveAll(static task => task.IsCompleted);
        _ending.Add(Task.Run(() => slot.Worker.DisposeAsync().AsTask()));
    }

    private void EndIfDrained()
    {
        if (_isRetired && _running == 0)
        {
            _ = Task.WhenAll(_ending).ContinueWith(_ => _drained.TrySetResult(), TaskScheduler.Default);
        }
    }

    private sealed class Slot(IWorker worker, CodeStamp stamp)
    {
        public IWorker Worker => worker;

        public CodeStamp Stamp => stamp;

        /// <summary>Timestamp of the end of its last call.</summary>
        public long IdleSince { get; set; }
    }
}
