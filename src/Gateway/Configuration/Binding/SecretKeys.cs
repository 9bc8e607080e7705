namespace Gateway.Configuration.Binding;

/// <summary>Keeps secrets out of messages.</summary>
internal static class SecretKeys
{
    private const int LongestShown = 80;

    private static readonly string[] Marks = ["Secret", "SecurityToken", "AppCode", "Password"];

    /// <summary>Whether a key, or one above it, looks as if it held a secret.</summary>
    public static bool IsSecret(string path)
    {
        foreach (var mark in Marks)
        {
            if (path.Contains(mark, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
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
}
