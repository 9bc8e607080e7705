using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Policies.IpAccess;

/// <summary>Refuses addresses that the API does not admit. Every request passes here: upgrades, HEAD and OPTIONS too.</summary>
/// <remarks>Where apps call, an address of one app is let through; authentication asks again once it knows which app it is.</remarks>
internal sealed class IpAccessMiddleware(RequestDelegate next, ILogger<IpAccessMiddleware> logger)
{
    public Task InvokeAsync(HttpContext context)
    {
        var policy = ApiPolicy.Of(context);
        if (policy.IpAccess is not { } list)
        {
            return next(context);
        }

        var gateway = context.Gateway();
        var isAdmitted = policy.Authentication is null ? list.AdmitsEverybody(gateway.ClientAddress) : list.Admits(gateway.ClientAddress, app: null);
        if (isAdmitted)
        {
            return next(context);
        }

        if (logger.IsEnabled(LogLevel.Information))
        {
            logger.AddressDenied(policy.ApiId, gateway.RequestId, gateway.ClientAddress, list.RuleAgainst(gateway.ClientAddress));
        }

        context.Fail(GatewayError.AddressDenied); // The answer names neither address nor rule: lists are nobody else's business.
        return Task.CompletedTask;
    }
}
