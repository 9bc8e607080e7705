using Gateway.LocalFunctions;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for <c>Gateway:LocalFunctions</c>.</summary>
internal static class LocalFunctionValidator
{
    /// <summary>Path of the section.</summary>
    public const string Section = "Gateway:LocalFunctions";

    /// <summary>Adds the problems of all local functions.</summary>
    public static void Validate(IReadOnlyDictionary<string, LocalFunctionOptions> functions, ValidationContext context)
    {
        if (!context.IsDevelopment)
        {
            if (context.KeysOf(Section).Any())
            {
                context.Add(Section, "local functions run in Development only. Move the section to appsettings.Development.json, and give each backend an Address here.");
            }

            return;
        }

        foreach (var (name, options) in functions)
        {
            if (context.BuiltInFunctions.ContainsKey(name))
            {
                context.Add($"{Section}:{name}", "a sample function inside the program has this name. Give this one another.");
            }

            foreach (var (key, problem) in LocalFunctionRules.Check(name, options))
            {
                var path = key.Length == 0 ? $"{Section}:{name}" : $"{Section}:{name}:{key}";
                if (!context.HasProblem(path))
                {
                    context.Add(path, problem);
                }
            }
        }
    }
}
