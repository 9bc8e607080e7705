using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Authentication;

/// <summary>Finds out which app calls and whether it may.</summary>
internal sealed class AppAuthenticationMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (ApiPolicy.Of(context).Authentication is null)
        {
            return next(context);
        }

        context.Fail(GatewayError.CredentialsMissing);
        return Task.CompletedTask;
    }
}
