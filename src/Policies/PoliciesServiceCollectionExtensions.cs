using Gateway.Policies.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Policies;

/// <summary>Registers what the policies keep over requests and reloads.</summary>
public static class PoliciesServiceCollectionExtensions
{
    /// <summary>Adds counters, nonces and the limiter. Needs a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddGatewayPolicies(this IServiceCollection services)
    {
        services.AddSingleton<INonceStore, NonceTable>();
        return services;
    }
}
