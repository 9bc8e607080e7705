namespace Gateway.LocalFunctions.Serving;

/// <summary>Looks at a folder again and again, and tells when its functions changed.</summary>
/// <remarks>
/// Polling, because file events miss what some editors and mounts do. A change counts when two looks in a row agree on it: files are written
/// in parts, and some editors remove a file before they write it anew.
/// </remarks>
internal sealed class ServedFolder(string folder, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>What was found last.</summary>
    public ServedFunctions Current { get; private set; } = ServedFunctions.Look(folder);

    /// <summary>Looks until cancelled.</summary>
    /// <param name="onChange">Gets what is found now; called once a change, never twice at a time.</param>
    /// <param name="cancellationToken">Ends the watch; the task then completes without an exception.</param>
    public async Task FollowAsync(Func<ServedFunctions, Task> onChange, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var before = Current;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var now = ServedFunctions.Look(folder);
                if (now.IsSame(before) && !now.IsSame(Current))
                {
                    Current = now;
                    await onChange(now);
                }

                before = now;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }
}
