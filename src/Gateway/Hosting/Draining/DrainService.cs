using Gateway.Configuration;

namespace Gateway.Hosting.Draining;

/// <summary>Holds the stop of the server back for the drain delay, then tells WebSockets to close.</summary>
/// <remarks>The order of a stop: not ready at once; this delay; the listeners close and calls under way finish; then everything else, the management port last.</remarks>
internal sealed class DrainService(
    ShutdownOptions options, ConfigurationSource source, IHostApplicationLifetime lifetime, WebSocketDrain webSockets, TimeProvider time, ILogger<DrainService> logger)
    : IHostedLifecycleService
{
    /// <summary>Runs before any service is stopped, the server included.</summary>
    /// <param name="cancellationToken">Cancelled when the time for the whole stop is over.</param>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        lifetime.StopApplication(); // What is stopped by its host and not by a signal drains as well.
        var delay = options.DrainDelayFor(source.Environment == StageName.Development);
        if (delay > TimeSpan.Zero)
        {
            logger.Draining(delay);
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        webSockets.Close();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
