using Gateway.Backends.EventFunctions;
using Gateway.Backends.Health;
using Gateway.Backends.Http;
using Gateway.Backends.Resilience;
using Gateway.Backends.WebFunctions;
using Gateway.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gateway.Backends;

/// <summary>Adds the kinds of backend to YARP.</summary>
public static class ReverseProxyBuilderExtensions
{
    /// <summary>Registers transforms, clients, guards and health of web and event functions. Needs an <see cref="IBackendSource"/>.</summary>
    public static IReverseProxyBuilder AddGatewayBackends(this IReverseProxyBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton(new ServedStage(ApiLabels.AnyStage));
        services.AddSingleton<BackendMetrics>();
        services.AddHostedService<BackendGauges>();
        services.AddSingleton<IForwarderHttpClientFactory, BackendHttpClientFactory>();
        services.AddSingleton<AddressHealth>();
        services.AddSingleton<IPassiveHealthCheckPolicy>(static provider => provider.GetRequiredService<AddressHealth>());
        services.AddSingleton<IAvailableDestinationsPolicy, HealthyAddresses>();
        services.AddSingleton<BackendGuards>();
        services.AddSingleton<IClusterChangeListener>(static provider => provider.GetRequiredService<BackendGuards>());
        return builder.AddTransforms<WebTransformProvider>().AddTransforms<EventTransformProvider>();
    }

    /// <summary>Measures and traces the calls. Inside the guards, whose refusals are no calls, and outside all that decides how a call went.</summary>
    public static void UseBackendTelemetry(this IReverseProxyApplicationBuilder proxy) => proxy.UseMiddleware<BackendTelemetryMiddleware>();

    /// <summary>Puts the limits, circuit breakers and health of backends around the rest of the proxy pipeline.</summary>
    public static void UseBackendGuards(this IReverseProxyApplicationBuilder proxy)
        => proxy.Use(proxy.ApplicationServices.GetRequiredService<BackendGuards>().InvokeAsync);
}
