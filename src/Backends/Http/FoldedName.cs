namespace Gateway.Backends.Http;

/// <summary>Compares names as a backend may see them: without case, and with <c>-</c>, <c>_</c>, <c>.</c> and a blank as one.</summary>
/// <remarks>CGI and its heirs make the same variable of <c>X-Client</c> and <c>x_client</c>, so that one could stand in for the other.</remarks>
internal static class FoldedName
{
    /// <summary>Whether two names may be the same to a backend.</summary>
    public static bool AreEqual(ReadOnlySpan<char> name, ReadOnlySpan<char> other)
    {
        if (name.Length != other.Length)
        {
            return false;
        }

        for (var i = 0; i < name.Length; i++)
        {
            if (Fold(name[i]) != Fold(other[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a name may be one of several to a backend.</summary>
    public static bool IsAnyOf(ReadOnlySpan<char> name, ReadOnlySpan<string> names)
    {
        foreach (var other in names)
        {
            if (AreEqual(name, other))
            {
                return true;
            }
        }

        return false;
    }

    private static char Fold(char c) => c is '_' or '.' or ' ' ? '-' : char.ToLowerInvariant(c);
}
