using System.Text;

namespace Gateway.LocalFunctions.Processes;

/// <summary>Reads what a function's process writes to its standard output and error: into the log, line by line, and for the tail of a call's log.</summary>
/// <remarks>
/// A built-in runtime ends each call with a line of a record separator and the request's id on both streams, so that lines are known to
/// belong to the call, although they come another way than its result.
/// </remarks>
internal sealed class WorkerOutput : IAsyncDisposable
{
    private const char RecordSeparator = '\u001e';
    private const int LongestLine = 16 << 10;
    private const int LongestTail = 4 << 10;
    private static readonly TimeSpan EndPatience = TimeSpan.FromMilliseconds(200);

    private readonly string _function;
    private readonly HostLog _log;
    private readonly Lock _lock = new();
    private readonly StringBuilder _tail = new();
    private readonly Task _reading;
    private string? _requestId;
    private int _openStreams = 2;
    private int _endsSeen;
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkerOutput(string function, Stream output, Stream error, HostLog log)
    {
        _function = function;
        _log = log;
        _reading = Task.WhenAll(ReadAsync(output, isError: false), ReadAsync(error, isError: true));
    }

    /// <summary>From now on, lines belong to this call.</summary>
    public void Begin(string requestId)
    {
        lock (_lock)
        {
            if (_requestId is not null)
            {
                _tail.Clear(); // But not what a process that ends at once has written before its first call begins.
            }

            (_requestId, _endsSeen) = (requestId, 0);
            _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            CheckEnded();
        }
    }

    /// <summary>Waits until all that the call wrote has been read, as far as its runtime marks that; a little while at most.</summary>
    /// <returns>The end of it.</returns>
    public async Task<string> EndAsync()
    {
        await Task.WhenAny(_ended.Task, Task.Delay(EndPatience));
        lock (_lock)
        {
            return _tail.ToString();
        }
    }

    /// <summary>Adds a line of the host's own to the call's log.</summary>
    public void Note(string line)
    {
        lock (_lock)
        {
            AddToTail(line);
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAny(_reading, Task.Delay(EndPatience)); // A child that lives on may keep the pipe.

    private async Task ReadAsync(Stream stream, bool isError)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var buffer = new char[4096];
        var line = new StringBuilder();
        try
        {
            for (int read; (read = await reader.ReadAsync(buffer)) > 0;)
            {
                foreach (var c in buffer.AsSpan(0, read))
                {
                    if (c == '\n')
                    {
                        Take(line, isError);
                    }
                    else if (line.Length < LongestLine)
                    {
                        line.Append(c);
                    }
                }
            }
        }
        catch (IOException)
        {
            // The process is gone.
        }

        Take(line, isError);
        lock (_lock)
        {
            _openStreams--;
            CheckEnded();
        }
    }

    private void Take(StringBuilder line, bool isError)
    {
        var text = line.ToString().TrimEnd('\r');
        line.Clear();
        string? requestId;
        lock (_lock)
        {
            requestId = _requestId;
            var mark = text.LastIndexOf(RecordSeparator);
            if (mark >= 0)
            {
                _endsSeen += text.AsSpan(mark + 1).SequenceEqual(_requestId) ? 1 : 0;
                text = text[..mark];
            }

            if (text.Length > 0)
            {
                AddToTail(text);
            }

            CheckEnded();
        }

        if (text.Length == 0)
        {
            return;
        }

        if (isError)
        {
            _log.Logger.Error(_function, requestId ?? "-", text);
        }
        else
        {
            _log.Logger.Output(_function, requestId ?? "-", text);
        }
    }

    private void AddToTail(string line)
    {
        _tail.Append(line).Append('\n');
        if (_tail.Length > LongestTail)
        {
            _tail.Remove(0, _tail.Length - LongestTail);
        }
    }

    private void CheckEnded()
    {
        if (_endsSeen >= _openStreams)
        {
            _ended.TrySetResult();
        }
    }
}
