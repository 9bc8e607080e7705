using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Cors;

/// <summary>Answers a browser's preflight, which has no credentials and is never counted, in the place of the API it asks about.</summary>
/// <remarks>The matcher has chosen that API by <c>Access-Control-Request-Method</c>, and marks preflights that are the gateway's to answer.</remarks>
internal sealed class PreflightMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Gateway().IsPreflight || ApiPolicy.Of(context).Cors is not { } policy)
        {
            return next(context);
        }

        var asking = context.Request.Headers;
        if (policy.Allows(asking.Origin))
        {
            // Method and headers are the browser's to compare: it tells the page's author which of them is not in the lists.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            policy.WritePreflight(context.Response.Headers, asking.Origin, asking.AccessControlRequestHeaders);
        }
        else
        {
            context.Fail(GatewayError.OriginDenied, asking.Origin);
        }

        return Task.CompletedTask;
    }
}
