using Gateway.LocalFunctions.Invocations;
using Gateway.LocalFunctions.Runtimes;
using Gateway.LocalFunctions.Web;

namespace Gateway.LocalFunctions.Processes;

/// <summary>A function that runs in processes of its own: started on the first call, kept while warm, replaced when they end or the code changes.</summary>
internal sealed class ProcessFunction(string name, LocalFunctionOptions options, string folder, ProcessEnvironment processes, HostLog log)
    : IFunctionRunner, IAsyncDisposable
{
    private readonly FunctionSettings _settings = FunctionSettings.Of(name, options, folder);
    private readonly Lock _lock = new();
    private readonly Stack<Slot> _idle = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<Task> _ending = [];
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

    /// <summary>Takes no more calls and ends the processes, each when its call is done.</summary>
    public Task RetireAsync()
    {
        lock (_lock)
        {
            if (!_isRetired)
            {
                _isRetired = true;
                while (_idle.TryPop(out var slot))
                {
                    End(slot.Worker);
                }

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
                return InvocationResult.Busy($"function '{name}' runs {options.Concurrency} calls already, its Concurrency");
            }

            _running++;
            slot = TakeIdle(stamp);
        }

        try
        {
            slot ??= new Slot(await StartAsync(call), stamp);
            return await slot.Worker.InvokeAsync(call);
        }
        catch (StartFailedException exception)
        {
            log.Logger.NotStarted(name, exception.Message, call.RequestId);
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

    /// <summary>A warm process of this version of the code; those of older versions end.</summary>
    private Slot? TakeIdle(CodeStamp stamp)
    {
        while (_idle.TryPop(out var slot))
        {
            if (slot.Stamp == stamp && slot.Worker.IsUsable)
            {
                return slot;
            }

            End(slot.Worker);
        }

        return null;
    }

    private void Release(Slot? slot)
    {
        lock (_lock)
        {
            _running--;
            if (slot is not null && slot.Worker.IsUsable && !_isRetired)
            {
                _idle.Push(slot);
            }
            else if (slot is not null)
            {
                End(slot.Worker);
            }

            EndIfDrained();
        }
    }

    private void End(IWorker worker)
    {
        _ending = [.. _ending.Where(static task => !task.IsCompleted), worker.DisposeAsync().AsTask()];
    }

    private void EndIfDrained()
    {
        if (_isRetired && _running == 0)
        {
            _ = Task.WhenAll(_ending).ContinueWith(_ => _drained.TrySetResult(), TaskScheduler.Default);
        }
    }

    private sealed record Slot(IWorker Worker, CodeStamp Stamp);
}
