using Gateway.Policies.Cors;
using Gateway.Policies.IpAccess;
using Gateway.Policies.Throttling;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for <c>Gateway:Policies</c>. A policy that nobody names is no mistake: a stage may use it.</summary>
internal static class PolicyValidator
{
    /// <summary>Adds the problems of all policies.</summary>
    public static void Validate(GatewayOptions options, ValidationContext context)
    {
        foreach (var (name, policy) in options.Policies)
        {
            var path = $"Gateway:Policies:{name}";
            EntryName.Validate(name, path, context);
            switch (policy)
            {
                case IpAccessOptions ipAccess:
                    ValidateIpAccess(ipAccess, options, path, context);
                    break;
                case ThrottlingOptions throttling:
                    ThrottlingValidator.Validate(throttling, options.Apps, path, context);
                    break;
                case CorsOptions cors:
                    CorsValidator.Validate(cors, path, context);
                    break;
            }
        }
    }

    private static void ValidateIpAccess(IpAccessOptions policy, GatewayOptions options, string path, ValidationContext context)
    {
        ValidateAddresses(policy.Allow, $"{path}:{nameof(policy.Allow)}", context);
        ValidateAddresses(policy.Deny, $"{path}:{nameof(policy.Deny)}", context);
        foreach (var (name, app) in policy.Apps)
        {
            var appPath = $"{path}:{nameof(policy.Apps)}:{name}";
            if (!options.Apps.ContainsKey(name))
            {
                Reference.RefuseUnknown(name, "Gateway:Apps", "an app", appPath, context);
            }

            var allowPath = $"{appPath}:{nameof(app.Allow)}";
            ValidateAddresses(app.Allow, allowPath, context);
            if (app.Allow.Count == 0 && !context.HasProblem(allowPath) && !context.HasProblemBelow(allowPath))
            {
                context.Add(allowPath, "the app has no addresses here. Write them, or take the app out of the policy.");
            }
        }
    }

    private static void ValidateAddresses(IReadOnlyList<string> entries, string path, ValidationContext context)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (IpAccessList.Refuse(entries[i]) is { } refusal)
            {
                context.Add($"{path}:{i}", refusal);
            }
        }
    }
}
