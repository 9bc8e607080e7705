using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Contracts;

namespace Gateway.Policies.Throttling;

/// <summary>All throttling of one API, compiled: the limits of its policies and its concurrency. Immutable; the counters live elsewhere.</summary>
public sealed class ThrottlingPlan
{
    private ThrottlingPlan(string apiId, ImmutableArray<ThrottlingLimit> limits, int? concurrency, int maxCounters)
    {
        ApiId = apiId;
        Limits = limits;
        Concurrency = concurrency;
        MaxCounters = maxCounters;
        ShowsHeaders = limits.Any(static limit => limit.Headers != ThrottlingHeaders.None);
    }

    /// <summary>Group and API.</summary>
    internal string ApiId { get; }

    /// <summary>The limits, the most specific of each policy first; a request is charged to all of them or to none.</summary>
    internal ImmutableArray<ThrottlingLimit> Limits { get; }

    /// <summary>Requests at once; null for any number.</summary>
    internal int? Concurrency { get; }

    /// <summary>Counters that may be kept for all APIs together.</summary>
    internal int MaxCounters { get; }

    /// <summary>True when a limit is shown to clients.</summary>
    internal bool ShowsHeaders { get; }

    /// <summary>Compiles the throttling of an API.</summary>
    /// <param name="apiId">Group and API; names counters.</param>
    /// <param name="path">Path of the API, for rules by a path parameter.</param>
    /// <param name="policies">The policies that hold for it, by name, already validated.</param>
    /// <param name="hasApps">Whether callers are apps; limits of apps do not apply otherwise.</param>
    /// <param name="concurrency">Requests at once; null for any number.</param>
    /// <param name="state">What the counters may take.</param>
    /// <returns>Null when nothing limits the API.</returns>
    public static ThrottlingPlan? Compile(
        string apiId, PathTemplate path, IReadOnlyList<KeyValuePair<string, ThrottlingOptions>> policies, bool hasApps, int? concurrency, ThrottlingStateOptions state)
    {
        ImmutableArray<ThrottlingLimit> limits = [.. policies.SelectMany(policy => CompilePolicy(apiId, path, policy.Key, policy.Value, hasApps))];
        return limits.IsEmpty && concurrency is null ? null : new ThrottlingPlan(apiId, limits, concurrency, state.MaxCounters);
    }

    private static IEnumerable<ThrottlingLimit> CompilePolicy(string apiId, PathTemplate path, string name, ThrottlingOptions options, bool hasApps)
    {
        var owner = options.Shared ? "" : apiId;
        if (hasApps && (options.PerApp is not null || options.Apps.Count > 0))
        {
            yield return Create(CountedBy.App, options.PerApp, options.Apps.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
        }

        if (options.PerIp is not null)
        {
            yield return Create(CountedBy.Address, options.PerIp);
        }

        foreach (var (ruleName, rule) in options.Rules)
        {
            // A group's policy may name a path parameter that only some of its APIs have: for the others the value is never there.
            var segment = rule.Path is null ? 0 : path.IndexOf(rule.Path);
            if (segment >= 0)
            {
                yield return CompileRule(owner, name, ruleName, rule, options, path, segment);
            }
        }

        if (options.PerApi is not null)
        {
            yield return Create(CountedBy.Api, options.PerApi);
        }

        ThrottlingLimit Create(CountedBy countedBy, long? allowed, FrozenDictionary<string, long>? apps = null) => new()
        {
            Id = LimitId.Create(owner, name, countedBy, "", options.Unit!.Value),
            Policy = name,
            CountedBy = countedBy,
            Unit = options.Unit!.Value,
            Allowed = allowed,
            Apps = apps ?? FrozenDictionary<string, long>.Empty,
            Headers = options.Headers,
            Detail = countedBy == CountedBy.Address ? "client address" : null,
        };
    }

    private static ThrottlingLimit CompileRule(
        string owner, string policyName, string ruleName, ThrottlingRuleOptions rule, ThrottlingOptions options, PathTemplate path, int segment)
    {
        var countedBy = rule.Header is not null ? CountedBy.Header : rule.Query is not null ? CountedBy.Query : CountedBy.Path;
        var unit = rule.Unit ?? options.Unit!.Value;
        return new ThrottlingLimit
        {
            Id = LimitId.Create(owner, policyName, countedBy, ruleName, unit),
            Policy = policyName,
            CountedBy = countedBy,
            Unit = unit,
            Allowed = rule.Limit!.Value,
            Headers = options.Headers,
            ValueName = rule.Header ?? rule.Query ?? "",
            Path = path,
            Segment = segment,
            Detail = ruleName,
        };
    }
}
