namespace Gateway.LocalFunctions.Processes;

/// <summary>Which call the lines of one output stream belong to. Not thread-safe; its <see cref="WorkerOutput"/> locks.</summary>
/// <remarks>
/// A stream lags behind the result, which comes another way. A runtime that marks the end of each call's output lets the stream stay with
/// the last call until its mark has been read; else the next call's first moments would be blamed for the last one's lines.
/// </remarks>
internal sealed class OutputStreamOwner
{
    private string? _next;

    /// <summary>The call whose lines come now; null before the first.</summary>
    public string? RequestId { get; private set; }

    /// <summary>Whether nothing more can come of that call: its mark was read, or the stream is closed.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the stream is closed for good.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>A call begins.</summary>
    /// <param name="requestId">Its id; the id of the call before when its initialiser has run under the same.</param>
    /// <param name="isMarked">Whether the call before will be, or was, marked at its end.</param>
    public void Begin(string requestId, bool isMarked)
    {
        // One call behind is a lag. Two are a mark that never came, because the function has taken the stream for itself.
        if (isMarked && !HasEnded && _next is null && RequestId is not null && RequestId != requestId)
        {
            _next = requestId;
            return;
        }

        (RequestId, _next, HasEnded) = (requestId, null, IsClosed);
    }

    /// <summary>Takes the mark of this call's end.</summary>
    /// <returns>False when it is not that: a function may write separators of its own.</returns>
    public bool TryEnd(ReadOnlySpan<char> requestId)
    {
        if (!requestId.SequenceEqual(RequestId))
        {
            return false;
        }

        if (_next is not null)
        {
            (RequestId, _next) = (_next, null);
        }
        else
        {
            HasEnded = true;
        }

        return true;
    }

    /// <summary>The stream has come to its end.</summary>
    public void Close()
    {
        (IsClosed, HasEnded) = (true, true);
        (RequestId, _next) = (_next ?? RequestId, null);
    }
}
