using System.Text;

namespace Gateway.LocalFunctions.Processes;

/// <summary>Reads what a function's process writes to its standard output and error: into the log, line by line, and for the tail of a call's log.</summary>
/// <remarks>
/// A built-in runtime ends each call with a line of a record separator and the request's id on both streams, so that lines are known to
/// belong to the call, although they come another way than its result. A line longer than 16,384 characters is cut.
/// </remarks>
internal sealed class WorkerOutput : IAsyncDisposable
{
    private const char RecordSeparator = '\u001e';
    private const int LongestLine = 16 << 10;
    private static readonly TimeSpan EndPatience = TimeSpan.FromMilliseconds(200);

    /// <summary>Where no end is marked: longer than a line takes through a pipe, too short to be felt.</summary>
    private static readonly TimeSpan UnmarkedPatience = TimeSpan.FromMilliseconds(20);

    private readonly string _function;
    private readonly HostLog _log;
    private readonly Lock _lock = new();
    private readonly LogTail _tail = new();
    private readonly OutputStreamOwner _output = new();
    private readonly OutputStreamOwner _error = new();
    private readonly Task _reading;
    private string? _requestId;
    private bool _isMarked;
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkerOutput(string function, Stream output, Stream error, HostLog log)
    {
        _function = function;
        _log = log;
        _reading = Task.WhenAll(ReadAsync(output, _output), ReadAsync(error, _error));
    }

    /// <summary>From now on, lines belong to this call; those before it has begun stay with the last one, where its end is marked.</summary>
    /// <param name="requestId">The call; its log goes on when it is the same as before.</param>
    /// <param name="isMarked">Whether the process marks the end of each call's output.</param>
    public void Begin(string requestId, bool isMarked = false)
    {
        lock (_lock)
        {
            if (_requestId is not null && _requestId != requestId)
            {
                _tail.Clear(); // But not what a process that ends at once has written before its first call begins.
            }

            _requestId = requestId;
            _isMarked = isMarked;
            _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _output.Begin(requestId, isMarked);
            _error.Begin(requestId, isMarked);
            CheckEnded();
        }
    }

    /// <summary>Waits until all that the process wrote so far has been read: to the call's mark, or to the end of its streams; a little while at most.</summary>
    /// <returns>The end of it, at most 4 KB.</returns>
    public Task<string> EndAsync() => EndAsync(EndPatience, note: null);

    /// <summary>Ends the call's log, as <see cref="EndAsync()"/> does, with a line of the host's own.</summary>
    /// <returns>The end of it, at most 4 KB.</returns>
    public Task<string> EndAsync(string note) => EndAsync(_isMarked ? EndPatience : UnmarkedPatience, note);

    /// <summary>Adds a line of the host's own to the call's log.</summary>
    public void Note(string line)
    {
        lock (_lock)
        {
            _tail.Add(line);
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAny(_reading, Task.Delay(EndPatience)); // A child that lives on may keep the pipe.

    private async Task<string> EndAsync(TimeSpan patience, string? note)
    {
        await Task.WhenAny(_ended.Task, Task.Delay(patience));
        lock (_lock)
        {
            if (note is not null)
            {
                _tail.Add(note);
            }

            return _tail.ToString();
        }
    }

    private async Task ReadAsync(Stream stream, OutputStreamOwner owner)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var buffer = new char[4096];
        var line = new StringBuilder();
        try
        {
            for (int read; (read = await reader.ReadAsync(buffer)) > 0;)
            {
                TakeLines(buffer.AsSpan(0, read), line, owner);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process is gone.
        }

        Take(line, owner);
        lock (_lock)
        {
            owner.Close();
            CheckEnded();
        }
    }

    private void TakeLines(ReadOnlySpan<char> text, StringBuilder line, OutputStreamOwner owner)
    {
        for (int end; (end = text.IndexOf('\n')) >= 0; text = text[(end + 1)..])
        {
            Append(line, text[..end]);
            Take(line, owner);
        }

        Append(line, text);
    }

    private static void Append(StringBuilder line, ReadOnlySpan<char> text) => line.Append(text[..Math.Min(text.Length, LongestLine - line.Length)]);

    private void Take(StringBuilder line, OutputStreamOwner owner)
    {
        var text = line.ToString().TrimEnd('\r');
        line.Clear();
        string? requestId;
        lock (_lock)
        {
            requestId = owner.RequestId;
            var mark = text.LastIndexOf(RecordSeparator);
            if (mark >= 0 && owner.TryEnd(text.AsSpan(mark + 1)))
            {
                text = text[..mark];
            }

            if (text.Length > 0 && requestId == _requestId)
            {
                _tail.Add(text);
            }

            CheckEnded();
        }

        if (text.Length == 0)
        {
            return;
        }

        var shown = LogText.Line(text); // The call's tail has it as it was written, as in the cloud.
        if (ReferenceEquals(owner, _error))
        {
            _log.Logger.Error(_function, requestId ?? "-", shown);
        }
        else
        {
            _log.Logger.Output(_function, requestId ?? "-", shown);
        }
    }

    private void CheckEnded()
    {
        if (_output.HasEnded && _error.HasEnded)
        {
            _ended.TrySetResult();
        }
    }
}
