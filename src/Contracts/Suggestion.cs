namespace Gateway.Contracts;

/// <summary>Finds what somebody may have meant.</summary>
public static class Suggestion
{
    /// <summary>The candidate that is a few slips of the finger away, or null.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="candidates">What it could have been.</param>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        // A third of the letters may differ; more than that is another word.
        var best = Math.Max(1, word.Length / 3) + 1;
        string? nearest = null;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - word.Length) < best && Distance(word, candidate) is var distance && distance < best)
            {
                best = distance;
                nearest = candidate;
            }
        }

        return nearest;
    }

    /// <summary>A sentence with a blank before it, or nothing.</summary>
    public static string DidYouMean(string word, IEnumerable<string> candidates)
        => Nearest(word, candidates) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>Names in a row, the first twenty of them; <c>none</c> when there are none.</summary>
    public static string List(IEnumerable<string> names)
    {
        const int most = 20;
        var all = names.ToList();
        return all.Count == 0 ? "none"
            : all.Count > most ? $"{string.Join(", ", all.Take(most))} and {all.Count - most} more"
            : string.Join(", ", all);
    }

    /// <summary>How many letters must be put in, taken out, changed or swapped with their neighbour, case ignored.</summary>
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = previous[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(change, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
