using Gateway.Configuration;
using Gateway.Configuration.Reload;
using Gateway.Observability;
using Gateway.Routing;
using Gateway.Tls;

namespace Gateway.Hosting;

/// <summary>Follows the configuration's files. All or nothing: a bad file leaves the last good snapshot serving.</summary>
internal sealed class ConfigurationReloader(
    ConfigurationSource source,
    LocalFunctionsHost local,
    DevelopmentApps developmentApps,
    AcceptedConfiguration accepted,
    GatewayConfigProvider provider,
    ProxyEndpoints endpoints,
    ServingTable serving,
    ConfigurationWatcher watcher,
    TlsCertificateStore certificates,
    ConfigurationMetrics metrics,
    ILogger<ConfigurationReloader> logger) : BackgroundService
{
    private bool _isRefused;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Report(provider.Current);
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => watcher.RunAsync(ReloadAsync, stoppingToken);

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var result = ConfigurationLoader.Load(source);
            if (result.Configuration is not { } configuration)
            {
                _isRefused = true;
                metrics.Refused();
                logger.ConfigurationRefused(ProblemReport.Write(result.Problems, source.Environment, ReportOccasion.Reload));
                return;
            }

            var next = GatewayCompiler.Compile(developmentApps.Complete(configuration), local.AddressOf);

            var read = next.RevisionId == serving.Current.Snapshot.RevisionId ? null
                : certificates.Read(configuration.Options.Tls); // Throws for files that cannot be read: nothing is applied then.

            // Logging and Kestrel follow accepted files only. Before the rest, because it throws for a value that logging refuses.
            accepted.Accept(configuration.Root);
            if (read is not null)
            {
                certificates.Apply(read);
                await provider.ApplyAsync(next);
                local.Apply(configuration); // Behind what may still refuse, and before an API that was published can ask for a new one.
                serving.Publish(next, endpoints.All);
                developmentApps.Announce(configuration);
                metrics.InForce(next, configuration.Options);
                metrics.Applied();
                Report(next);
            }
            else
            {
                metrics.Unchanged();
                if (_isRefused)
                {
                    logger.ConfigurationMended(next.RevisionId);
                }
            }

            _isRefused = false;
        }
#pragma warning disable CA1031 // Whatever is wrong with a new configuration, the old one must go on serving.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            metrics.Failed();
            logger.ConfigurationNotApplied(exception);
        }
    }

    private void Report(GatewaySnapshot snapshot)
    {
        if (snapshot.Apis.Count == 0)
        {
            logger.NothingServed(source.Environment);
        }
        else
        {
            logger.ConfigurationApplied(snapshot.RevisionId, snapshot.Apis.Count);
        }
    }
}
