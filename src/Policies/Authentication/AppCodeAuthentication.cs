using System.Diagnostics.CodeAnalysis;
using Gateway.Contracts;
using Gateway.Policies.Authentication.Signatures;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Authentication;

/// <summary>Finds the caller of a request without a signature by its AppCode.</summary>
internal static class AppCodeAuthentication
{
    /// <summary>Finds the caller: the header first, then the query, as far as the API takes them.</summary>
    /// <param name="context">The request; refused with <c>A400AC</c>, <c>A400MA</c>, <c>I400MH</c> or <c>I400HD</c>.</param>
    /// <param name="authentication">How the API checks its callers.</param>
    /// <param name="caller">The caller.</param>
    public static bool TryFindCaller(HttpContext context, AppAuthentication authentication, [NotNullWhen(true)] out AppIdentity? caller)
    {
        caller = null;
        ReadOnlySpan<char> code = default;
        var isRepeated = false;
        var found = (authentication.AppCode != AppCodeUse.Disabled && AppCodes.TryReadHeader(context.Request.Headers, out code))
            || (authentication.AppCode == AppCodeUse.HeaderOrQuery && AppCodes.TryReadQuery(context.Gateway().Target.Query, out code, out isRepeated));
        if (isRepeated)
        {
            context.Fail(GatewayError.InvalidHeader, "`AppCode` in the query must not be repeated");
        }
        else if (!found)
        {
            FailWithoutCredentials(context, authentication);
        }
        else if (authentication.Apps.FindByCode(code) is not { } app)
        {
            context.Fail(GatewayError.UnknownAppCode);
        }
        else
        {
            caller = app.Identity;
        }

        return caller is not null;
    }

    private static void FailWithoutCredentials(HttpContext context, AppAuthentication authentication)
    {
        if (SignatureCredentials.Find(context, CaHeaders.Key) is not null)
        {
            context.Fail(GatewayError.HeaderMissing, CaHeaders.Signature);
        }
        else if (authentication.AppCode == AppCodeUse.Disabled)
        {
            context.Fail(GatewayError.HeaderMissing, CaHeaders.Key);
        }
        else
        {
            context.Fail(GatewayError.CredentialsMissing);
        }
    }
}
