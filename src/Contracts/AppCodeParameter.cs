namespace Gateway.Contracts;

/// <summary>The query parameter that carries an AppCode. Where it is taken it is also kept from the backend, so both ask here.</summary>
public static class AppCodeParameter
{
    /// <summary>The spellings that the cloud gateway takes.</summary>
    private static readonly string[] Spellings = ["AppCode", "appcode", "appCode", "APPCODE", "APPCode"];

    /// <summary>Whether a decoded name is the parameter's; compared ordinally.</summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var spelling in Spellings)
        {
            if (name.SequenceEqual(spelling))
            {
                return true;
            }
        }

        return false;
    }
}
