namespace Gateway.Hosting.Draining;

/// <summary>Registers what a stop goes through.</summary>
internal static class DrainServiceCollectionExtensions
{
    /// <summary>Adds the drain. The host's own limit is a little shorter than the whole, so that there is time to write what telemetry is left.</summary>
    public static void AddDraining(this IServiceCollection services, ShutdownOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<WebSocketDrain>();
        services.AddHostedService<DrainService>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.HostTimeout);
    }
}
