using System.Globalization;
using Gateway.Policies.Authentication;
using Gateway.Policies.Cors;
using Gateway.Policies.IpAccess;
using Gateway.Policies.Throttling;

namespace Gateway.Commands.Routes;

/// <summary>What holds for an API, in words, in the order in which a request meets it.</summary>
internal static class PolicyText
{
    /// <summary>Length of the longest label of <see cref="Lines"/>.</summary>
    public const int LongestLabel = 11;

    private const int MostNamed = 5;

    /// <summary>A label and a line for each thing that is not the default.</summary>
    public static IEnumerable<(string Label, string Line)> Lines(ListedApi api)
    {
        List<string> takes =
        [
            .. api.Protocols.Count == 1 ? [$"{api.Protocols[0]} only"] : Array.Empty<string>(),
            .. api.AllowEncodedSlash ? ["%2F in a segment"] : Array.Empty<string>(),
        ];
        if (takes.Count > 0)
        {
            yield return ("takes", string.Join(", ", takes));
        }

        if (api.IpAccess is { } ipAccess)
        {
            yield return ("ip access", $"{Name(ipAccess)}: {Describe(ipAccess.Settings, ipAccess.AppsApply)}");
        }

        if (api.Cors is { } cors)
        {
            yield return ("cors", $"{Name(cors)}: {Describe(cors.Settings)}");
        }

        if (api.Authentication is { } authentication)
        {
            yield return ("apps", authentication.Apps.Count == 0 ? "nobody: no grant is in force" : Few(authentication.Apps.Select(Describe)));
            yield return ("accepts", Describe(authentication));
        }

        foreach (var throttling in api.Throttling)
        {
            yield return ("throttling", $"{Name(throttling)}: {Describe(throttling.Settings, throttling.AppsApply)}");
        }

        if (api.Concurrency is { } concurrency)
        {
            yield return ("concurrency", string.Create(CultureInfo.InvariantCulture, $"{concurrency} at once"));
        }

        if (api.SystemParameters.Count > 0)
        {
            yield return ("adds", string.Join(", ", api.SystemParameters.Select(static parameter => $"{parameter.Key} as {parameter.Value}")));
        }
    }

    /// <summary>Effective timeouts on one line: the call's or the longest silence first.</summary>
    public static string Timeouts(ListedTimeouts? timeouts) => timeouts switch
    {
        null => "-",
        { Idle: { } idle } => $"{timeouts.Silence}, connect {timeouts.Connect}, WebSocket {idle}",
        _ => $"{timeouts.Whole}, connect {timeouts.Connect}",
    };

    private static string Name<TOptions>(ListedPolicy<TOptions> policy) => policy.From == "group" ? $"{policy.Name} (of the group)" : policy.Name;

    private static string Describe(ListedApp app)
        => app.Name + (app.ExpiresAt is { } end ? $" until {end}" : "") + (app.Enabled ? "" : " (disabled)");

    private static string Describe(ListedAuthentication authentication)
    {
        var signature = $"signature by {string.Join(" or ", authentication.SignatureMethods)}";
        return signature
            + (authentication.RequireNonce ? ", nonce required" : "")
            + (authentication.StrictSignature ? ", strict" : "")
            + authentication.AppCode switch
            {
                nameof(AppCodeUse.Header) => "; AppCode in the header",
                nameof(AppCodeUse.HeaderOrQuery) => "; AppCode in the header or the query",
                _ => "",
            };
    }

    private static string Describe(IpAccessOptions policy, bool appsApply)
    {
        List<string> parts =
        [
            .. policy.Allow.Count > 0 ? [$"allow {Few(policy.Allow)}"] : Array.Empty<string>(),
            .. policy.Deny.Count > 0 ? [$"deny {Few(policy.Deny)}"] : Array.Empty<string>(),
            .. appsApply ? policy.Apps.Select(static app => $"{app.Key} from {Few(app.Value.Allow)}") : ["addresses of apps do not apply, as anybody may call"],
        ];
        return parts.Count == 0 ? "any address" : string.Join("; ", parts);
    }

    private static string Describe(CorsOptions policy)
        => $"{Few(policy.AllowOrigins)} may {string.Join(", ", policy.AllowMethods)}{(policy.AllowCredentials ? ", with cookies" : "")}";

    private static string Describe(ThrottlingOptions policy, bool appsApply)
    {
        var parts = new List<string>();
        Add(policy.PerApi, policy.Unit, "in all");
        if (appsApply)
        {
            Add(policy.PerApp, policy.Unit, "by app");
            foreach (var (app, limit) in policy.Apps)
            {
                Add(limit, policy.Unit, $"by {app}");
            }
        }

        Add(policy.PerIp, policy.Unit, "by address");
        foreach (var rule in policy.Rules.Values)
        {
            Add(rule.Limit, rule.Unit ?? policy.Unit, rule switch
            {
                { Header: { } header } => $"by header {header}",
                { Query: { } query } => $"by query {query}",
                _ => $"by path [{rule.Path}]",
            });
        }

        if (!appsApply)
        {
            parts.Add("limits of apps do not apply, as anybody may call");
        }

        return string.Join("; ", parts) + (policy.Shared ? "; counted over all APIs that name it" : "");

        void Add(long? limit, ThrottlingUnit? unit, string scope)
        {
            if (limit is not null)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{limit} a {unit?.ToString().ToLowerInvariant()} {scope}"));
            }
        }
    }

    private static string Few(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", all.Take(MostNamed))} and {all.Count - MostNamed} more") : string.Join(", ", all);
    }
}
