using System.Text;

namespace Gateway.Observability;

/// <summary>A query as a trace may have it: the names, and of each value only that there is one.</summary>
/// <remarks>All values, because an AppCode may stand under several spellings and a client's own tokens under any name.</remarks>
internal static class QueryRedaction
{
    private const string Redacted = "REDACTED";

    /// <summary>Longest query that is looked at, in characters; the rest is cut off.</summary>
    private const int Longest = 1024;

    /// <summary>The query without its values, e.g. <c>a=REDACTED&amp;b=REDACTED</c>. A part without <c>=</c> is all value.</summary>
    /// <param name="query">The query without its question mark.</param>
    public static string Redact(ReadOnlySpan<char> query)
    {
        query = query[..Math.Min(query.Length, Longest)];
        var text = new StringBuilder(query.Length);
        foreach (var range in query.Split('&'))
        {
            var part = query[range];
            if (text.Length > 0)
            {
                text.Append('&');
            }

            var end = part.IndexOf('=');
            text.Append(end < 0 ? default : part[..(end + 1)]).Append(part.IsEmpty ? "" : Redacted);
        }

        return text.ToString();
    }
}
