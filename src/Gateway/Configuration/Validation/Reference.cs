using Gateway.Contracts;

namespace Gateway.Configuration.Validation;

/// <summary>Names by which one part of the configuration refers to another.</summary>
internal static class Reference
{
    /// <summary>Adds a problem for a name that no bound entry has, unless the entry is there and has a problem of its own.</summary>
    /// <param name="name">The name that was not found.</param>
    /// <param name="section">Where entries stand, e.g. <c>Gateway:Apps</c>.</param>
    /// <param name="noun">What an entry is, with its article: <c>an app</c>.</param>
    /// <param name="path">Path of the key that refers.</param>
    /// <param name="context">Where problems go.</param>
    /// <param name="fitting">The entries that could be meant; null for all of them.</param>
    public static void RefuseUnknown(
        string name, string section, string noun, string path, ValidationContext context, IEnumerable<string>? fitting = null)
    {
        if (context.KeysOf(section).Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return;
        }

        var candidates = (fitting ?? context.KeysOf(section)).ToList();
        var nearest = Suggestion.DidYouMean(name, candidates);
        context.Add(path, nearest.Length > 0
            ? $"{Show.Value(name)} is not {noun}.{nearest}"
            : $"{Show.Value(name)} is not {noun}. Add it to {section}, or write one of {Suggestion.List(candidates)}.");
    }
}
