using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Authentication;

/// <summary>Finds the AppCode of a request, in the header or in the query.</summary>
internal static class AppCodes
{
    private const string Scheme = "APPCODE";

    /// <summary>Reads <c>Authorization: APPCODE code</c>; the scheme in any case, blanks around the code.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="code">The code, possibly empty.</param>
    /// <returns>False when the header is absent or of another scheme.</returns>
    public static bool TryReadHeader(IHeaderDictionary headers, out ReadOnlySpan<char> code)
    {
        code = default;
        var values = headers.Authorization;
        if (values.Count == 0)
        {
            return false;
        }

        var value = values[0].AsSpan().Trim();
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || (value.Length > Scheme.Length && value[Scheme.Length] is not (' ' or '\t')))
        {
            return false;
        }

        code = value[Scheme.Length..].Trim();
        return true;
    }

    /// <summary>Reads the query parameter, whose name must stand as it is, not percent-encoded: what is removed for the backend is the same.</summary>
    /// <param name="query">The query as sent, without its question mark.</param>
    /// <param name="code">The code, percent-decoded.</param>
    /// <param name="isRepeated">True when several parameters claim to be it, which nobody may choose from.</param>
    /// <returns>True when there is exactly one.</returns>
    public static bool TryReadQuery(ReadOnlySpan<char> query, out ReadOnlySpan<char> code, out bool isRepeated)
    {
        code = default;
        isRepeated = false;
        var found = false;
        while (!query.IsEmpty)
        {
            var end = query.IndexOf('&');
            var pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            var equals = pair.IndexOf('=');
            if (!AppCodeParameter.IsName(equals < 0 ? pair : pair[..equals]))
            {
                continue;
            }

            if (found)
            {
                isRepeated = true;
                return false;
            }

            found = true;
            code = equals < 0 ? default : pair[(equals + 1)..];
        }

        if (code.ContainsAny('%', '+') && PercentEncoding.TryDecode(code, plusIsSpace: true, out var decoded))
        {
            code = decoded;
        }

        return found;
    }
}
