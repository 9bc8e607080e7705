using Gateway.Policies.Admission;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Policies;

/// <summary>Puts the policies into the pipeline.</summary>
public static class PoliciesApplicationBuilderExtensions
{
    /// <summary>Checks scheme, stage and size of the request against its API. Needs the matched endpoint.</summary>
    public static IApplicationBuilder UseAdmission(this IApplicationBuilder app) => app.UseMiddleware<AdmissionMiddleware>();
}
