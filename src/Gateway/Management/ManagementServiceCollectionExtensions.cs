using Gateway.Observability;

namespace Gateway.Management;

/// <summary>Registers the management port.</summary>
internal static class ManagementServiceCollectionExtensions
{
    /// <summary>Adds readiness, and the port unless it is switched off.</summary>
    public static void AddManagement(this IServiceCollection services, ManagementOptions options)
    {
        services.AddSingleton<Readiness>();
        if (!options.Enabled)
        {
            return;
        }

        services.AddSingleton(options);
        services.AddSingleton<EffectiveConfiguration>();
        services.AddSingleton(static provider => new ManagementPaths(
            provider.GetRequiredService<Readiness>(), provider.GetRequiredService<EffectiveConfiguration>(), provider.GetService<IMetricsText>()));
        services.AddSingleton<ManagementServer>();
        services.AddHostedService(static provider => provider.GetRequiredService<ManagementServer>());
    }
}
