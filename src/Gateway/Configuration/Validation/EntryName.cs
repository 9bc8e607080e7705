namespace Gateway.Configuration.Validation;

/// <summary>The rule for names of groups, APIs, backends, apps and policies. They become ids, tags and parts of variables.</summary>
internal static class EntryName
{
    /// <summary>Adds a problem when a name breaks the rule.</summary>
    /// <remarks>A letter or digit, then letters, digits, <c>.</c>, <c>-</c> and single <c>_</c>: two of those part the keys of a variable.</remarks>
    public static void Validate(string name, string path, ValidationContext context)
    {
        if (!IsValid(name))
        {
            context.Add(path, $"{Show.Value(name)} is not a name. Begin with a letter or digit; use letters, digits, '.', '-' and single '_' only.");
        }
    }

    private static bool IsValid(string name)
        => name.Length > 0
            && char.IsAsciiLetterOrDigit(name[0])
            && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')
            && !name.Contains("__", StringComparison.Ordinal);
}
