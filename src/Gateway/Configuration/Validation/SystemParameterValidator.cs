using Gateway.Backends.SystemParameters;
using Gateway.Contracts;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for <c>SystemParameters</c> of an API: known values, each at a place of its own that is free.</summary>
internal static class SystemParameterValidator
{
    private static readonly string[] Values = Enum.GetNames<SystemValue>();

    /// <summary>Adds the problems of one API's system parameters.</summary>
    public static void Validate(IReadOnlyDictionary<string, SystemParameterOptions> parameters, string path, ValidationContext context)
    {
        // Header names compare without case, names in a query with it.
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var queries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, target) in parameters)
        {
            var entryPath = $"{path}:{name}";
            if (!Values.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                context.Add(entryPath, $"{Show.Value(name)} is not a value that the gateway has.{Suggestion.DidYouMean(name, Values)} Write one of {Suggestion.List(Values)}.");
            }

            if (target.Header is null == target.Query is null)
            {
                context.Add(entryPath, target.Header is null
                    ? "the value goes nowhere. Add Header or Query with the name by which the backend knows it."
                    : "the value has both Header and Query. Keep one of them; write null over the other.");
            }
            else if (target.Header is { } header)
            {
                ValidateHeader(header, $"{entryPath}:{nameof(target.Header)}", context);
                RefuseTaken(headers, header, name, $"{entryPath}:{nameof(target.Header)}", context);
            }
            else
            {
                ValidateQuery(target.Query!, $"{entryPath}:{nameof(target.Query)}", context);
                RefuseTaken(queries, target.Query!, name, $"{entryPath}:{nameof(target.Query)}", context);
            }
        }
    }

    private static void ValidateHeader(string header, string path, ValidationContext context)
    {
        if (!HttpToken.IsToken(header))
        {
            context.Add(path, $"{Show.Value(header)} is not the name of a header. Use letters, digits and '-'.");
        }
        else if (!SystemParameter.IsHeaderFree(header))
        {
            context.Add(path, $"{header} is a header that the gateway sets, strips or frames requests with. Use a name of your own, such as X-Client.");
        }
    }

    private static void ValidateQuery(string query, string path, ValidationContext context)
    {
        if (query.Length == 0 || query.Any(char.IsControl))
        {
            context.Add(path, $"{Show.Value(query)} is not the name of a query parameter. Use letters and digits.");
        }
    }

    private static void RefuseTaken(Dictionary<string, string> taken, string target, string name, string path, ValidationContext context)
    {
        if (!taken.TryAdd(target, name))
        {
            context.Add(path, $"{Show.Value(target)} holds {taken[target]} already. Use another name.");
        }
    }
}
