using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Policies.Admission;

/// <summary>Checks scheme, stage and size against the matched API, before anything of the body is read.</summary>
internal sealed class AdmissionMiddleware(RequestDelegate next)
{
    private static readonly string[] KnownStages = ["RELEASE", "PRE", "TEST"];

    public Task InvokeAsync(HttpContext context)
    {
        var policy = ApiPolicy.Of(context);
        return IsProtocolAllowed(context, policy) && IsStageServed(context, policy) && IsBodySmallEnough(context, policy)
            ? next(context)
            : Task.CompletedTask;
    }

    private static bool IsProtocolAllowed(HttpContext context, ApiPolicy policy)
    {
        var scheme = context.Gateway().ForwardedProto;
        if (scheme == "https" ? policy.AllowHttps : policy.AllowHttp)
        {
            return true;
        }

        if (policy.RedirectPort is { } port && scheme == "http" && HttpsRedirect.TryWrite(context, port))
        {
            return false;
        }

        context.Fail(GatewayError.ProtocolNotAllowed, scheme);
        return false;
    }

    /// <summary>A process serves one stage. Naming it, in any case, or none is served; another stage has no API here.</summary>
    private static bool IsStageServed(HttpContext context, ApiPolicy policy)
    {
        if (!context.Request.Headers.TryGetValue(CaHeaders.Stage, out var asked))
        {
            return true;
        }

        var stage = asked.ToString();
        if (string.Equals(stage, policy.Stage, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!KnownStages.Contains(stage, StringComparer.OrdinalIgnoreCase))
        {
            context.Fail(GatewayError.UnknownStage);
            return false;
        }

        if (policy.Stage is null)
        {
            return true;
        }

        context.Fail(GatewayError.ApiNotFound, string.Concat(context.Request.Method, " ", context.Gateway().Target.Path));
        return false;
    }

    private static bool IsBodySmallEnough(HttpContext context, ApiPolicy policy)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return true;
        }

        if (context.Request.ContentLength > policy.MaxRequestBody)
        {
            context.Fail(GatewayError.BodyTooLarge);
            return false;
        }

        // A chunked body has no length yet: the server refuses it while it is read.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = policy.MaxRequestBody;
        }

        return true;
    }
}
