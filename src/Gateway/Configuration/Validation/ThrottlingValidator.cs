using Gateway.Contracts;
using Gateway.Policies.Authentication;
using Gateway.Policies.Throttling;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for policies of type <c>Throttling</c>: every limit that is written can be reached, and counts something.</summary>
internal static class ThrottlingValidator
{
    private const long Largest = 1_000_000_000;

    /// <summary>Adds the problems of one policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="apps">The apps that could be bound.</param>
    /// <param name="path">Path of the policy in the configuration.</param>
    /// <param name="context">Where problems go.</param>
    public static void Validate(ThrottlingOptions policy, IReadOnlyDictionary<string, AppOptions> apps, string path, ValidationContext context)
    {
        if (policy.Unit is null)
        {
            context.AddMissing($"{path}:{nameof(policy.Unit)}", $"Write the unit of time of the limits: {Suggestion.List(Enum.GetNames<ThrottlingUnit>())}.");
        }

        if (policy is { PerApi: null, PerApp: null, PerIp: null, Apps.Count: 0, Rules.Count: 0 } && !context.HasProblemBelow(path))
        {
            context.Add(path, "the policy limits nothing. Add PerApi, PerApp, PerIp, Apps or Rules; where a policy must not limit, do not name it.");
        }

        RefuseUnreachable(policy.PerApp, policy, $"{path}:{nameof(policy.PerApp)}", context);
        RefuseUnreachable(policy.PerIp, policy, $"{path}:{nameof(policy.PerIp)}", context);
        foreach (var (name, limit) in policy.Apps)
        {
            ValidateApp(name, limit, policy, apps, $"{path}:{nameof(policy.Apps)}:{name}", context);
        }

        foreach (var (name, rule) in policy.Rules)
        {
            var rulePath = $"{path}:{nameof(policy.Rules)}:{name}";
            EntryName.Validate(name, rulePath, context); // It stands in the answer of a request that it refuses.
            ValidateRule(rule, policy, rulePath, context);
        }
    }

    private static void ValidateApp(
        string name, long limit, ThrottlingOptions policy, IReadOnlyDictionary<string, AppOptions> apps, string path, ValidationContext context)
    {
        if (!apps.ContainsKey(name))
        {
            Reference.RefuseUnknown(name, "Gateway:Apps", "an app", path, context);
        }

        if (limit is < 1 or > Largest)
        {
            context.Add(path, $"{limit} is out of range. Write a value from 1 to {Largest}; to lock the app out, withdraw its grant.");
        }
        else
        {
            RefuseUnreachable(limit, policy, path, context);
        }
    }

    private static void ValidateRule(ThrottlingRuleOptions rule, ThrottlingOptions policy, string path, ValidationContext context)
    {
        ReadOnlySpan<string?> sources = [rule.Header, rule.Query, rule.Path];
        var count = 0;
        foreach (var source in sources)
        {
            count += source is null ? 0 : 1;
        }

        if (count != 1 && !context.HasProblemBelow(path))
        {
            context.Add(path, count == 0
                ? "the rule counts by nothing. Add one of Header, Query and Path with the name of the value."
                : "the rule counts by several values. Keep one of Header, Query and Path, and make a rule for each of the others.");
        }

        if (rule.Header is { } header && !HttpToken.IsToken(header))
        {
            context.Add($"{path}:{nameof(rule.Header)}", $"{Show.Value(header)} is not the name of a header. Use letters, digits and '-'.");
        }

        if (rule.Query is { Length: 0 })
        {
            context.Add($"{path}:{nameof(rule.Query)}", "the name is empty. Write the name of the query parameter.");
        }

        if (rule.Path is { } parameter && (parameter.Length == 0 || parameter.AsSpan().ContainsAny('[', ']', '/')))
        {
            context.Add($"{path}:{nameof(rule.Path)}", $"{Show.Value(parameter)} is not the name of a path parameter. Write name for [name].");
        }

        if (rule.Limit is null)
        {
            context.AddMissing($"{path}:{nameof(rule.Limit)}", "Write how many requests with the same value are taken.");
        }

        if (rule.Unit is null || rule.Unit == policy.Unit)
        {
            RefuseUnreachable(rule.Limit, policy, $"{path}:{nameof(rule.Limit)}", context);
        }
    }

    /// <summary>A part of the callers cannot have more than all of them together; the cloud refuses it too.</summary>
    private static void RefuseUnreachable(long? limit, ThrottlingOptions policy, string path, ValidationContext context)
    {
        if (limit > policy.PerApi)
        {
            context.Add(path, $"{limit} can never be reached: PerApi takes {policy.PerApi} of all callers together. Write {policy.PerApi} or less, or raise PerApi.");
        }
    }
}
