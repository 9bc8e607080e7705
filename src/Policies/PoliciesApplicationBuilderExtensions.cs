using Gateway.Policies.Admission;
using Gateway.Policies.Authentication;
using Gateway.Policies.Cors;
using Gateway.Policies.IpAccess;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Policies;

/// <summary>Puts the policies into the pipeline. All of them need the matched endpoint.</summary>
public static class PoliciesApplicationBuilderExtensions
{
    /// <summary>Checks scheme, stage and size of the request against its API.</summary>
    public static IApplicationBuilder UseAdmission(this IApplicationBuilder app) => app.UseMiddleware<AdmissionMiddleware>();

    /// <summary>Checks the client's address.</summary>
    public static IApplicationBuilder UseIpAccess(this IApplicationBuilder app) => app.UseMiddleware<IpAccessMiddleware>();

    /// <summary>Marks answers for browsers, those of all refusals below included.</summary>
    public static IApplicationBuilder UseCorsHeaders(this IApplicationBuilder app) => app.UseMiddleware<CorsMiddleware>();

    /// <summary>Answers the preflights of browsers.</summary>
    public static IApplicationBuilder UseCorsPreflights(this IApplicationBuilder app) => app.UseMiddleware<PreflightMiddleware>();

    /// <summary>Finds out which app calls, and whether it may call this API.</summary>
    public static IApplicationBuilder UseAppAuthentication(this IApplicationBuilder app) => app.UseMiddleware<AppAuthenticationMiddleware>();

    /// <summary>Counts the request, and refuses it beyond a limit. APIs without limits do not meet the rate limiting middleware at all.</summary>
    public static IApplicationBuilder UseThrottling(this IApplicationBuilder app)
        => app.UseWhen(static context => ApiPolicy.Of(context).Throttling is not null, static limited => limited.UseRateLimiter());
}
