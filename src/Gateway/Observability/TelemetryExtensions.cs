using System.Diagnostics.Metrics;
using System.Reflection;
using Gateway.Configuration;
using Gateway.Contracts;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Observability;

/// <summary>Puts metrics, traces and logs into the host: metrics always, the others only where somebody takes them.</summary>
internal static class TelemetryExtensions
{
    private const string ServiceName = "gateway";

    /// <summary>Registers the instruments, the collector behind <see cref="PrometheusText"/>, and the OTLP exporters that the environment asks for.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, GatewayConfiguration configuration)
    {
        var services = builder.Services;
        var stage = configuration.Stage ?? ApiLabels.AnyStage;
        services.AddMetrics();
        services.AddSingleton(new ServedStage(stage));
        services.AddSingleton<RequestMetrics>();
        services.AddSingleton<ConfigurationMetrics>();
        services.AddSingleton<AccessLog>();

        var otlp = OtlpSettings.Read(builder.Configuration);
        if (otlp.IsDisabled)
        {
            return;
        }

        services.AddSingleton<PrometheusText>();
        services.AddSingleton<IMetricsText>(static provider => provider.GetRequiredService<PrometheusText>());
        var apis = configuration.Options.Groups.Values.Sum(static group => group.Apis.Count);
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, stage)).WithMetrics(metrics => AddMetrics(metrics, apis, otlp));
        if (otlp.Traces)
        {
            telemetry.WithTracing(static tracing => tracing.AddSource(Telemetry.Name).AddOtlpExporter());
        }

        if (otlp.Logs)
        {
            telemetry.WithLogging(static logging => logging.AddOtlpExporter(), static options => options.IncludeFormattedMessage = true);
        }
    }

    /// <summary>What the operator says in <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> wins over these.</summary>
    private static void Describe(ResourceBuilder resource, string stage)
        => resource.Clear()
            .AddService(ServiceName, serviceVersion: typeof(TelemetryExtensions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion)
            .AddAttributes([new("deployment.environment.name", stage)])
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();

    private static void AddMetrics(MeterProviderBuilder metrics, int apis, OtlpSettings otlp)
    {
        metrics.AddMeter([.. MetricViews.Meters]);
        ((IDeferredMeterProviderBuilder)metrics).Configure((services, provider) =>
        {
            var views = new MetricViews(services.GetRequiredService<IMeterFactory>(), apis);
            provider.AddView(views.Choose);
            provider.AddReader(services.GetRequiredService<PrometheusText>().Reader);
        });
        if (otlp.Metrics)
        {
            metrics.AddOtlpExporter();
        }
    }
}
