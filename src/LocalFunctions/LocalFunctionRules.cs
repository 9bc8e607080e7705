namespace Gateway.LocalFunctions;

/// <summary>Rules for the options of a local function that types and ranges cannot express.</summary>
public static class LocalFunctionRules
{
    /// <summary>What is wrong with a function's options.</summary>
    /// <returns>The key, and what is wrong with it and how to mend it; one for each rule that is broken.</returns>
    public static IEnumerable<(string Key, string Problem)> Check(string name, LocalFunctionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            yield return ("", "the name of a function has letters, digits, '_' and '-' only, as in the function service. Rename it.");
        }
    }
}
