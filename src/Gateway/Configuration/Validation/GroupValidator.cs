using Gateway.Contracts;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for <c>Gateway:Groups</c>.</summary>
internal static class GroupValidator
{
    /// <summary>Adds the problems of all groups and their APIs.</summary>
    public static void Validate(GatewayOptions options, ValidationContext context)
    {
        var references = new PolicyReferenceValidator(options, context);
        var auth = new ApiAuthValidator(options, context);
        foreach (var (name, group) in options.Groups)
        {
            var path = $"Gateway:Groups:{name}";
            EntryName.Validate(name, path, context);
            var hasBase = ValidateBasePath(group.BasePath, $"{path}:{nameof(group.BasePath)}", context);
            ValidateHosts(group.Hosts, $"{path}:{nameof(group.Hosts)}", context);
            references.ValidateNames(group.Policies, $"{path}:{nameof(group.Policies)}");

            var written = context.EntriesOf($"{path}:{nameof(group.Apis)}");
            foreach (var (apiName, api) in group.Apis)
            {
                var apiPath = $"{path}:{nameof(group.Apis)}:{apiName}";
                EntryName.Validate(apiName, apiPath, context);
                var template = ApiValidator.Validate(api, hasBase ? group.BasePath : "/", options.Backends, apiPath, context);
                auth.Validate(api, written[apiName]);
                references.ValidateNames(api.Policies, $"{apiPath}:{nameof(api.Policies)}");
                references.ValidateEffective(group, api, hasBase ? template : null, apiPath);
            }
        }
    }

    private static bool ValidateBasePath(string basePath, string path, ValidationContext context)
    {
        if (!PathTemplate.TryParse(basePath, out var template, out var problem))
        {
            context.Add(path, $"{problem}. Write a path such as /shop.");
        }
        else if (template!.HasTail)
        {
            context.Add(path, $"'{basePath}' ends in *, but the paths of the APIs follow it. Take the * out and put it into their Path.");
        }
        else
        {
            return true;
        }

        return false;
    }

    private static void ValidateHosts(IReadOnlyList<string> hosts, string path, ValidationContext context)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < hosts.Count; i++)
        {
            if (HostPattern.Refuse(hosts[i]) is { } refusal)
            {
                context.Add($"{path}:{i}", refusal);
            }
            else if (!seen.Add(hosts[i]))
            {
                context.Add($"{path}:{i}", $"'{hosts[i]}' stands in the list twice. Take one out.");
            }
        }
    }
}
