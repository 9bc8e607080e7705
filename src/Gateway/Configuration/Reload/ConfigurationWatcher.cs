using System.Collections.Immutable;
using Gateway.Configuration.Reading;

namespace Gateway.Configuration.Reload;

/// <summary>Looks at the files of a configuration again and again, and tells when one of them changed.</summary>
/// <remarks>
/// Polling, because file events miss the link swap by which Kubernetes updates a ConfigMap (measured). Make the watcher before the first
/// load: what changes between the two is then seen by the first look. A half-written file is refused when it is loaded, and loaded again
/// when it is whole.
/// </remarks>
internal sealed class ConfigurationWatcher(ConfigurationSource source, TimeProvider time, TimeSpan interval)
{
    private ImmutableArray<FileStamp> _known = Look(source);
    private ImmutableArray<FileStamp> _vanishing;

    /// <summary>How often the files are looked at unless something else is asked for.</summary>
    public static TimeSpan DefaultInterval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Watches until cancelled.</summary>
    /// <param name="onChange">Called once per change, never twice at a time. What it throws ends the watch.</param>
    /// <param name="cancellationToken">Ends the watch; the task then completes without an exception.</param>
    public async Task RunAsync(Func<CancellationToken, Task> onChange, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (HasChanged())
                {
                    await onChange(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Looks once: whether the files differ from the last time that this was true. Not for use while <see cref="RunAsync"/> runs.</summary>
    public bool HasChanged()
    {
        var stamps = Look(source);
        if (stamps.SequenceEqual(_known))
        {
            _vanishing = default;
            return false;
        }

        // Some editors save by removing the file and writing another. A stage must not lose its overrides in between, so a file
        // counts as gone only when it is still gone at the next look.
        if (HasVanished(stamps) && (_vanishing.IsDefault || !stamps.SequenceEqual(_vanishing)))
        {
            _vanishing = stamps;
            return false;
        }

        _known = stamps;
        _vanishing = default;
        return true;
    }

    private bool HasVanished(ImmutableArray<FileStamp> stamps)
    {
        foreach (var known in _known)
        {
            if (known.Target is not null && !stamps.Any(stamp => stamp.Path == known.Path && stamp.Target is not null))
            {
                return true;
            }
        }

        return false;
    }

    private static ImmutableArray<FileStamp> Look(ConfigurationSource source)
    {
        IEnumerable<string> secrets;
        try
        {
            secrets = SecretFileReader.Files(source.SecretsFolder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            secrets = [];
        }

        return [.. new[] { ConfigurationSource.BaseFileName, source.StageFileName }.Select(source.PathOf).Concat(secrets).Select(FileStamp.Of)];
    }
}
