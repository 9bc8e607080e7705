using Gateway.Policies.Authentication;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for who may call an API: the app keys fit its <c>Auth</c>, and somebody could call.</summary>
/// <remarks>
/// Apps that are disabled, and grants that are withdrawn or have ended, are no mistake: a reload that locks out the last caller must
/// take effect at once, not wait until the API has been disabled too.
/// </remarks>
internal sealed class ApiAuthValidator(GatewayOptions options, ValidationContext context)
{
    private static readonly string[] KeysOfApps =
        [nameof(ApiOptions.Apps), nameof(ApiOptions.AppCode), nameof(ApiOptions.SignatureMethods), nameof(ApiOptions.RequireNonce), nameof(ApiOptions.StrictSignature)];

    /// <summary>Adds the problems of one API.</summary>
    /// <param name="api">The API.</param>
    /// <param name="node">The API as it was written.</param>
    public void Validate(ApiOptions api, ConfigNode node)
    {
        if (context.HasProblem($"{node.Path}:{nameof(api.Auth)}"))
        {
            return; // What else is wrong depends on what was meant.
        }

        if (api.Auth == ApiAuth.None)
        {
            RefuseKeysOfApps(node);
            return;
        }

        ValidateGrants(api, node);
        if (api.SignatureMethods.Count == 0)
        {
            context.Add($"{node.Path}:{nameof(api.SignatureMethods)}", "the list is empty. Write HmacSHA256, HmacSHA1 or both; where callers have AppCodes alone, take the key out.");
        }

        if (api.AppCode == AppCodeUse.Disabled && api.Apps.Count > 0 && api.Apps.Keys.All(CannotSign))
        {
            context.Add(
                $"{node.Path}:{nameof(api.AppCode)}",
                "AppCodes are not taken and none of the apps has an AppKey to sign with, so that nobody could call the API. Write Header, or give an app a key pair.");
        }
    }

    private void RefuseKeysOfApps(ConfigNode node)
    {
        foreach (var key in KeysOfApps)
        {
            if (node.Child(key) is { Kind: not ConfigNodeKind.Null } written)
            {
                context.Add(
                    written.Path,
                    $"{key} is for Auth App only, and this API lets anybody call. Take it out, or write null over it, or write \"Auth\": \"App\".");
            }
        }
    }

    private void ValidateGrants(ApiOptions api, ConfigNode node)
    {
        var path = $"{node.Path}:{nameof(api.Apps)}";
        if (api is { Apps.Count: 0, Enabled: true } && !context.HasProblem(path) && !context.HasProblemBelow(path))
        {
            context.Add(
                node.Child(nameof(api.Apps)) is null && node.Child(nameof(api.Auth)) is { } auth ? auth.Path : path,
                "no app is listed, so that nobody could call the API. List its callers, as in \"Apps\": { \"my-app\": {} }, or write \"Auth\": \"None\" to let anybody call.");
        }

        foreach (var name in api.Apps.Keys)
        {
            if (!options.Apps.ContainsKey(name))
            {
                Reference.RefuseUnknown(name, "Gateway:Apps", "an app", $"{path}:{name}", context);
            }
        }
    }

    /// <summary>Whether an app has no key pair, nor is given one in Development.</summary>
    private bool CannotSign(string name)
        => options.Apps.TryGetValue(name, out var app) && app.AppKey is null && !(context.IsDevelopment && !AppValidator.HasCredential(app));
}
