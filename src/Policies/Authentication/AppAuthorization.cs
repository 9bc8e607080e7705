using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Authentication;

/// <summary>Decides whether an app that has proved who it is may call the API.</summary>
internal static class AppAuthorization
{
    /// <summary>Checks the app's grant and its addresses.</summary>
    /// <param name="context">The request; refused with <c>I403AA</c>, <c>A403EP</c> or <c>A403IP</c>.</param>
    /// <param name="policy">The API's policy.</param>
    /// <param name="authentication">How it checks its callers.</param>
    /// <param name="caller">The app.</param>
    /// <param name="now">The time at which the grant must not have ended.</param>
    public static bool Check(HttpContext context, ApiPolicy policy, AppAuthentication authentication, AppIdentity caller, DateTimeOffset now)
    {
        if (!authentication.Grants.TryGetValue(caller.Name, out var expiresAt))
        {
            context.Fail(GatewayError.AppNotAuthorized);
            return false;
        }

        if (now >= expiresAt)
        {
            context.Fail(GatewayError.AuthorizationExpired);
            return false;
        }

        // Before the app was known, its own addresses could only be let through.
        if (policy.IpAccess?.Admits(context.Gateway().ClientAddress, caller.Name) == false)
        {
            context.Fail(GatewayError.AddressDenied);
            return false;
        }

        return true;
    }
}
