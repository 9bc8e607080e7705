using Gateway.Configuration.Documents;
using Gateway.Contracts;
using Gateway.Policies;
using Gateway.Policies.Cors;
using Gateway.Policies.IpAccess;
using Gateway.Policies.Throttling;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for the policies that groups and APIs name: each is there, is of its type, and can hold for the API.</summary>
internal sealed class PolicyReferenceValidator(GatewayOptions options, ValidationContext context)
{
    private const string Section = "Gateway:Policies";

    private readonly PolicyIndex _index = new(options);

    /// <summary>Adds the problems of the names themselves.</summary>
    /// <param name="references">The names.</param>
    /// <param name="path">Path of the object that holds them.</param>
    public void ValidateNames(PolicyReferencesOptions references, string path)
    {
        ValidateName<IpAccessOptions>(references.IpAccess, $"{path}:{nameof(references.IpAccess)}");
        ValidateName<CorsOptions>(references.Cors, $"{path}:{nameof(references.Cors)}");
        var names = references.Throttling ?? [];
        for (var i = 0; i < names.Count; i++)
        {
            var namePath = PathOfThrottling(path, i);
            ValidateName<ThrottlingOptions>(names[i], namePath);
            if (names.Take(i).Contains(names[i], StringComparer.OrdinalIgnoreCase))
            {
                context.Add(namePath, $"{Show.Value(names[i])} stands in the list twice. Take one out.");
            }
        }
    }

    /// <summary>Adds the problems of what holds for an API, its group's policies included.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="api">The API.</param>
    /// <param name="template">Base path and path together; null when they are not valid.</param>
    /// <param name="path">Path of the API in the configuration.</param>
    public void ValidateEffective(GroupOptions group, ApiOptions api, PathTemplate? template, string path)
    {
        var policies = _index.Find(group, api);
        var isOpen = api.Auth == ApiAuth.None && !context.HasProblem($"{path}:{nameof(api.Auth)}");
        if (isOpen && policies.IpAccess is { } ipAccess)
        {
            ValidateOpen(ipAccess, path);
        }

        for (var i = 0; i < policies.Throttling.Count; i++)
        {
            var policy = policies.Throttling[i];
            if (isOpen && policy is { IsOwn: true, Options: { PerApp: not null } or { Apps.Count: > 0 } })
            {
                context.Add(
                    PathOf(policy, api, path),
                    $"'{policy.Name}' limits apps ({(policy.Options.PerApp is null ? "Apps" : "PerApp")}), and this API lets anybody call. "
                        + "Name a policy without PerApp and Apps, or write \"Auth\": \"App\".");
            }

            if (template is not null)
            {
                ValidatePathRules(policy, api, template, path);
            }
        }
    }

    /// <summary>Entries by app on an API that knows no apps: the API's own choice is a mistake, its group's just does not apply, unless nobody is left.</summary>
    private void ValidateOpen(NamedPolicy<IpAccessOptions> policy, string path)
    {
        if (policy.Options.Apps.Count == 0)
        {
            return;
        }

        if (policy.IsOwn)
        {
            context.Add(
                $"{path}:Policies:{nameof(PolicyReferencesOptions.IpAccess)}",
                $"'{policy.Name}' has addresses of apps (Apps), and this API lets anybody call. Name a policy without Apps, or write \"Auth\": \"App\".");
        }
        else if (policy.Options.Allow.Count == 0)
        {
            context.Add(
                $"{path}:{nameof(ApiOptions.Auth)}",
                $"'{policy.Name}', the IpAccess policy of the group, admits apps only, so that nobody could call an API with Auth None. "
                    + "Name another IpAccess policy here, or write \"Auth\": \"App\".");
        }
    }

    private void ValidatePathRules(NamedPolicy<ThrottlingOptions> policy, ApiOptions api, PathTemplate template, string path)
    {
        foreach (var (rule, options) in policy.Options.Rules)
        {
            if (options.Path is { } parameter && template.IndexOf(parameter) < 0)
            {
                context.Add(
                    policy.IsOwn ? PathOf(policy, api, path) : $"{path}:{nameof(api.Path)}",
                    $"rule '{rule}' of '{policy.Name}'{(policy.IsOwn ? "" : ", a throttling policy of the group,")} counts by [{parameter}], which is not in the path '{template}'. "
                        + "Name other throttling policies here, or add the parameter to the path.");
            }
        }
    }

    private void ValidateName<TOptions>(string? name, string path)
        where TOptions : PolicyOptions
    {
        if (name is null)
        {
            return;
        }

        var type = OptionsText.Name(typeof(TOptions));
        if (!options.Policies.TryGetValue(name, out var policy))
        {
            var fitting = options.Policies.Where(static other => other.Value is TOptions).Select(static other => other.Key);
            Reference.RefuseUnknown(name, Section, $"a policy of type {type}", path, context, fitting);
        }
        else if (policy is not TOptions)
        {
            var found = OptionsText.Name(policy.GetType());
            context.Add(path, $"'{name}' is a policy of type {found}. Write it at {found}; here stands the name of one of type {type}.");
        }
    }

    private string PathOf(NamedPolicy<ThrottlingOptions> policy, ApiOptions api, string path)
        => PathOfThrottling(
            $"{path}:{nameof(api.Policies)}",
            api.Policies.Throttling!.TakeWhile(name => !name.Equals(policy.Name, StringComparison.OrdinalIgnoreCase)).Count());

    /// <summary>Path of one name, which may stand alone in the place of a list.</summary>
    private string PathOfThrottling(string path, int index)
    {
        var key = $"{path}:{nameof(PolicyReferencesOptions.Throttling)}";
        var element = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{key}:{index}");
        return context.Exists(element) ? element : key;
    }
}
