using Gateway.Contracts;
using Gateway.Policies.Authentication;
using Gateway.Policies.Throttling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Policies;

/// <summary>Registers what the policies keep over requests and reloads.</summary>
public static class PoliciesServiceCollectionExtensions
{
    /// <summary>Adds counters, nonces and the limiter. Needs a <see cref="TimeProvider"/>, and a <see cref="ServedStage"/> unless any is served.</summary>
    public static IServiceCollection AddGatewayPolicies(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(new ServedStage(ApiLabels.AnyStage));
        services.AddSingleton<PolicyMetrics>();
        services.AddSingleton<INonceStore, NonceTable>();
        services.AddSingleton<HeldMemory>();
        services.AddThrottling();
        return services;
    }

    private static void AddThrottling(this IServiceCollection services)
    {
        services.AddSingleton<IThrottlingStore, LocalThrottlingStore>();
        services.AddSingleton<ConcurrencyGates>();
        services.AddSingleton<ThrottlingLimiter>();
        services.AddRateLimiter(static _ => { });
        services.AddOptions<RateLimiterOptions>().Configure<ThrottlingLimiter>(static (options, limiter) =>
        {
            options.GlobalLimiter = limiter;
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests; // Until the error middleware writes the answer.
        });
    }
}
