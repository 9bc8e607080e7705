using System.Globalization;
using Gateway.Backends;
using Gateway.Configuration;
using Gateway.Contracts;
using Gateway.Policies.Authentication;
using Gateway.Policies.Cors;
using Gateway.Policies.IpAccess;
using Gateway.Policies.Throttling;

namespace Gateway.Commands.Explaining;

/// <summary>One check of a matched request, in the order of the pipeline.</summary>
/// <param name="Name">What is checked.</param>
/// <param name="Setting">The value in effect.</param>
/// <param name="Codes">Codes of the refusals that only this check makes.</param>
internal sealed record PolicyStep(string Name, string Setting, IReadOnlyList<GatewayError> Codes)
{
    /// <summary>True when nothing is set, so that there is nothing to refuse.</summary>
    public bool IsOff => Setting.Length == 0;

    /// <summary>True when even the preflight of a browser, which has no credentials, is checked.</summary>
    public bool IsBeforePreflights { get; init; }
}

/// <summary>The checks that hold for an API, with the values in effect.</summary>
internal static class PolicySteps
{
    /// <summary>Name of the check that finds out who calls.</summary>
    public const string Credentials = "credentials";

    /// <summary>Lists the checks.</summary>
    public static IReadOnlyList<PolicyStep> Of(GroupOptions group, ApiOptions api, GatewayConfiguration configuration)
    {
        var options = configuration.Options;
        var policies = new PolicyIndex(options).Find(group, api);
        var limit = api.MaxRequestBody ?? (options.Backends[api.Backend!] is EventFunctionOptions ? options.Limits.EventBody : options.Limits.WebBody);
        return
        [
            new("scheme", string.Join(" or ", api.Protocols).ToLowerInvariant(), [GatewayError.ProtocolNotAllowed]) { IsBeforePreflights = true },
            new("stage", configuration.Stage ?? "any", [GatewayError.UnknownStage, GatewayError.ApiNotFound]) { IsBeforePreflights = true },
            new("body size", $"at most {limit}", [GatewayError.BodyTooLarge]) { IsBeforePreflights = true },
            new("IP access", Describe(policies.IpAccess, Describe), [GatewayError.AddressDenied]) { IsBeforePreflights = true },
            new("CORS", Describe(policies.Cors, Describe), [GatewayError.OriginDenied]) { IsBeforePreflights = true },
            new(Credentials, DescribeCredentials(api),
            [
                GatewayError.CredentialsMissing, GatewayError.HeaderMissing, GatewayError.InvalidHeader, GatewayError.UnknownAppKey, GatewayError.UnknownAppCode,
                GatewayError.TimestampExpired, GatewayError.InvalidSignature, GatewayError.InvalidContentMd5, GatewayError.NonceMissing, GatewayError.NonceUsed,
            ]),
            new("authorization", DescribeGrants(api), [GatewayError.AppNotAuthorized, GatewayError.AuthorizationExpired]),
            new("throttling", string.Join("; ", policies.Throttling.Select(policy => $"{policy.Name}: {Describe(policy.Options, hasApps: api.Auth == ApiAuth.App)}")),
                [GatewayError.ThrottledByApi, GatewayError.ThrottledByApp, GatewayError.ThrottledByValue]),
            new("concurrency", api.Concurrency is { } most ? $"{Number(most)} at once" : "", [GatewayError.Busy]),
        ];
    }

    private static string Describe<TPolicy>(NamedPolicy<TPolicy>? policy, Func<TPolicy, string> describe)
        where TPolicy : Policies.PolicyOptions
        => policy is null ? "" : $"{policy.Name}: {describe(policy.Options)}";

    private static string Describe(IpAccessOptions policy)
    {
        string[] parts =
        [
            List("allow", policy.Allow),
            List("deny", policy.Deny),
            .. policy.Apps.Select(static app => List($"allow for app {app.Key}", app.Value.Allow)),
        ];
        return string.Join("; ", parts.Where(static part => part.Length > 0));
    }

    private static string Describe(CorsOptions policy)
        => $"{List("origins", policy.AllowOrigins)}; {List("methods", policy.AllowMethods)}{(policy.AllowCredentials ? "; with cookies" : "")}";

    private static string DescribeCredentials(ApiOptions api)
    {
        if (api.Auth == ApiAuth.None)
        {
            return "";
        }

        var code = api.AppCode switch
        {
            AppCodeUse.Header => "; AppCode in the header",
            AppCodeUse.HeaderOrQuery => "; AppCode in header or query",
            _ => "",
        };
        return $"signature by {string.Join(" or ", api.SignatureMethods)}{(api.RequireNonce ? " with a nonce" : "")}{(api.StrictSignature ? ", strict" : "")}{code}";
    }

    private static string DescribeGrants(ApiOptions api)
        => api.Auth == ApiAuth.None ? "" : List("apps", [.. api.Apps.Where(static grant => grant.Value.Enabled).Select(static grant
            => grant.Value.ExpiresAt is { } end ? string.Create(CultureInfo.InvariantCulture, $"{grant.Key} (until {end.UtcDateTime:u})") : grant.Key)], "nobody");

    private static string Describe(ThrottlingOptions policy, bool hasApps)
    {
        var unit = $"{policy.Unit}".ToLowerInvariant();
        var limits = new List<string>();
        Add(policy.PerApi, "in all");
        Add(hasApps ? policy.PerApp : null, "per app");
        foreach (var (app, most) in hasApps ? policy.Apps : new Dictionary<string, long>())
        {
            Add(most, $"for app {app}");
        }

        Add(policy.PerIp, "per address");
        foreach (var (name, rule) in policy.Rules)
        {
            limits.Add($"{Number(rule.Limit ?? 0)} a {$"{rule.Unit ?? policy.Unit}".ToLowerInvariant()} per value of {name}");
        }

        return string.Join(", ", limits) + (policy.Shared ? ", shared between APIs" : "");

        void Add(long? limit, string scope)
        {
            if (limit is { } most)
            {
                limits.Add($"{Number(most)} a {unit} {scope}");
            }
        }
    }

    /// <summary>The first few of a list, and how many more there are.</summary>
    private static string List(string title, IReadOnlyList<string> items, string none = "")
    {
        const int most = 4;
        var more = items.Count > most ? string.Create(CultureInfo.InvariantCulture, $" and {items.Count - most} more") : "";
        return items.Count == 0 ? (none.Length == 0 ? "" : $"{title} {none}") : $"{title} {string.Join(", ", items.Take(most))}{more}";
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
