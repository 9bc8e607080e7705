using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Cors;

/// <summary>Marks the answers of APIs with a <c>Cors</c> policy, so that pages may read them; refusals included.</summary>
internal sealed class CorsMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (ApiPolicy.Of(context).Cors is { } policy
            && (policy.VariesByOrigin || !StringValues.IsNullOrEmpty(context.Request.Headers.Origin))
            && !context.Gateway().IsPreflight)
        {
            // When the head is about to be sent: an error's answer starts from nothing, and a backend may send such headers of its own.
            context.Response.OnStarting(static state => Mark((HttpContext)state), context);
        }

        return next(context);
    }

    private static Task Mark(HttpContext context)
    {
        ApiPolicy.Of(context).Cors!.Write(context.Response.Headers, context.Request.Headers.Origin);
        return Task.CompletedTask;
    }
}
