using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Web;

/// <summary>A custom runtime that takes raw HTTP: one process for all requests, started on the first, replaced when it ends, hangs or the code changes.</summary>
internal sealed class WebFunction(FunctionSettings function, ProcessEnvironment processes, HostLog log) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private WebInstance? _current;
    private List<Task> _ending = [];
    private bool _isRetired;

    /// <summary>Longest silence of a request.</summary>
    public TimeSpan Timeout => function.Options.Timeout;

    /// <summary>The process for one request, which must be told by <see cref="WebInstance.Leave"/> when it is done. It may still be starting.</summary>
    public WebInstance Enter(string requestId)
    {
        var stamp = CodeStamp.Of(function.Folder);
        lock (_lock)
        {
            if (_current is null || _current.Stamp != stamp || !_current.IsUsable)
            {
                EndCurrent(isPortNeeded: function.Options.Port is not null);
                _current = new WebInstance(function, stamp, requestId, processes, log, _stopping.Token);
            }

            var instance = _current;
            instance.Enter(requestId);
            if (_isRetired)
            {
                EndCurrent(isPortNeeded: false); // It was on its way here when the configuration changed: a process for it alone.
            }

            return instance;
        }
    }

    /// <summary>Takes no more requests and ends the process when those in flight are done.</summary>
    public Task RetireAsync()
    {
        lock (_lock)
        {
            _isRetired = true;
            EndCurrent(isPortNeeded: false);
            return Task.WhenAll(_ending);
        }
    }

    /// <summary>Ends all processes now. Requests in flight are cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await RetireAsync();
    }

    /// <summary>The process goes on with its requests, unless the next one needs its port.</summary>
    private void EndCurrent(bool isPortNeeded)
    {
        if (_current is not null)
        {
            _ending = [.. _ending.Where(static task => !task.IsCompleted), _current.RetireAsync(atOnce: isPortNeeded)];
            _current = null;
        }
    }
}
