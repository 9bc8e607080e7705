namespace Gateway.Tls;

/// <summary>Looks at the files of the certificates again and again, by polling as for the configuration, and warns daily of those that end.</summary>
internal sealed class TlsCertificateWatcher(TlsCertificateStore store, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarningInterval = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var warnedAt = time.GetUtcNow();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                store.Refresh();
                if (time.GetUtcNow() - warnedAt >= WarningInterval)
                {
                    warnedAt = time.GetUtcNow();
                    store.WarnOfExpiry();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}
