namespace Gateway.Configuration.Binding;

/// <summary>Keeps secrets out of messages.</summary>
internal static class SecretKeys
{
    private const int LongestShown = 80;
    private const string Apps = "Gateway:Apps";
    private const string Groups = "Gateway:Groups:";
    private const string LocalFunctions = "Gateway:LocalFunctions:";

    /// <summary>What in a path says that a secret stands there, wherever it is.</summary>
    private static readonly string[] Marks = ["Secret", "SecurityToken", "AppCodes", "Password"];

    /// <summary>The keys of an app that are no secrets. All others are, misplaced and misspelt ones included.</summary>
    private static readonly string[] PublicAppKeys = ["Enabled", "AppId", "AppKey", "PreviousUntil"];

    /// <summary>Whether a key, or one above it, looks as if it held a secret.</summary>
    /// <remarks>The key <c>AppCode</c> of an API says only where AppCodes are taken; anywhere else it is taken for a code.</remarks>
    public static bool IsSecret(string path)
    {
        foreach (var mark in Marks)
        {
            if (path.Contains(mark, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        if (IsFunctionVariable(path))
        {
            return true;
        }

        return IsBelowApps(path)
            ? !PublicAppKeys.Contains(path[(path.LastIndexOf(':') + 1)..], StringComparer.OrdinalIgnoreCase)
            : path.Contains("AppCode", StringComparison.OrdinalIgnoreCase) && !path.StartsWith(Groups, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A value in quotes for a message, <c>'***'</c> for a secret; control characters as <c>#</c>, cut when long.</summary>
    public static string Show(string path, string value)
    {
        if (IsSecret(path))
        {
            return "'***'";
        }

        var shown = value.Length > LongestShown ? string.Concat(value.AsSpan(0, LongestShown), "…") : value;
        return $"'{string.Concat(shown.Select(static c => char.IsControl(c) ? '#' : c))}'";
    }

    /// <summary>A variable of a local function: the place where functions get their tokens and connection strings, under names of their own.</summary>
    private static bool IsFunctionVariable(string path)
        => path.StartsWith(LocalFunctions, StringComparison.OrdinalIgnoreCase) && path.IndexOf(":Environment:", LocalFunctions.Length, StringComparison.OrdinalIgnoreCase) > 0;

    private static bool IsBelowApps(string path)
        => path.StartsWith(Apps, StringComparison.OrdinalIgnoreCase) && (path.Length == Apps.Length || path[Apps.Length] == ':');
}
