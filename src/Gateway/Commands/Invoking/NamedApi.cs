using System.Diagnostics.CodeAnalysis;
using Gateway.Backends;
using Gateway.Configuration;
using Gateway.Contracts;

namespace Gateway.Commands.Invoking;

/// <summary>An API that the command line names, whose backend is an event function.</summary>
/// <param name="Id">Group and name.</param>
/// <param name="Group">Its group.</param>
/// <param name="Api">Its options.</param>
/// <param name="Backend">The options of its backend.</param>
internal sealed record NamedApi(string Id, GroupOptions Group, ApiOptions Api, EventFunctionOptions Backend)
{
    /// <summary>Finds an API by its name, or by group and name where several groups have one of that name. Names are compared without case.</summary>
    public static bool TryFind(
        string name, GatewayConfiguration configuration, [NotNullWhen(true)] out NamedApi? api, [NotNullWhen(false)] out string? problem)
    {
        api = null;
        var all = configuration.Options.Groups
            .SelectMany(static parent => parent.Value.Apis.Select(entry => (Id: $"{parent.Key}/{entry.Key}", Name: entry.Key, Group: parent.Value, Api: entry.Value)))
            .ToArray();
        var found = all.Where(entry => Same(entry.Id, name) || Same(entry.Name, name)).ToArray();
        if (found.Length != 1)
        {
            var near = Suggestion.DidYouMean(name, all.SelectMany(static entry => new[] { entry.Name, entry.Id }).Distinct());
            problem = found.Length > 1
                ? $"several groups have an API '{name}'; write {string.Join(" or ", found.Select(static entry => entry.Id))}"
                : $"there is no API '{name}' in {configuration.Environment}.{(near.Length > 0 ? near : " See gateway routes.")}";
            return false;
        }

        var (id, _, group, options) = found[0];
        var backend = configuration.Options.Backends[options.Backend!];
        problem = !options.Enabled ? $"{id} is disabled in {configuration.Environment} (Enabled)"
            : backend is EventFunctionOptions ? null
            : backend is FunctionOptions ? $"the backend of {id} is a web function: it gets the request itself and no event. gateway explain says what it would get"
            : $"the backend of {id} is a mock: its answer stands in the configuration, and no function is called";
        api = problem is null ? new NamedApi(id, group, options, (EventFunctionOptions)backend) : null;
        return api is not null;
    }

    /// <summary>Whether the function runs on this machine.</summary>
    public bool IsLocal => Backend is { Address: null, Addresses.Count: 0 };

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
