using Gateway.Contracts;

namespace Gateway.Policies.Throttling;

/// <summary>Values of a request's target, decoded as functions see them.</summary>
internal static class RequestValue
{
    /// <summary>The first value of a query parameter; empty when there is none.</summary>
    /// <param name="query">The query as sent, without its question mark.</param>
    /// <param name="name">The parameter's name, decoded.</param>
    public static ReadOnlySpan<char> FindInQuery(ReadOnlySpan<char> query, ReadOnlySpan<char> name)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOf('&');
            var field = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];

            var equals = field.IndexOf('=');
            if (Decode(equals < 0 ? field : field[..equals], plusIsSpace: true).SequenceEqual(name))
            {
                return equals < 0 ? default : Decode(field[(equals + 1)..], plusIsSpace: true);
            }
        }

        return default;
    }

    /// <summary>Decodes text once; what cannot be decoded stays as it is. Makes a string only when there is something to decode.</summary>
    public static ReadOnlySpan<char> Decode(ReadOnlySpan<char> text, bool plusIsSpace)
        => (text.Contains('%') || (plusIsSpace && text.Contains('+'))) && PercentEncoding.TryDecode(text, plusIsSpace, out var decoded) ? decoded : text;
}
