using Gateway.Contracts;

namespace Gateway.Policies.Throttling;

/// <summary>All throttling of one API, compiled: the limits of its policies and its concurrency. Immutable; the counters live elsewhere.</summary>
public sealed class ThrottlingPlan
{
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
        _ = (apiId, path, policies, hasApps, concurrency, state);
        return null;
    }
}
