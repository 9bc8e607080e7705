using Gateway.Commands.Requests;
using Microsoft.Net.Http.Headers;

namespace Gateway.Commands.Explaining;

/// <summary>What in a request is an AppCode, or looks like one.</summary>
internal static class RequestAppCode
{
    /// <summary>Credentials of the header <c>Authorization</c> and values of the query parameter, as sent.</summary>
    public static IEnumerable<string> Of(DescribedRequest request) => InHeader(request).Concat(InQuery(request.Target));

    private static IEnumerable<string> InHeader(DescribedRequest request)
        => request.Find(HeaderNames.Authorization)?.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [_, var code] ? [code] : [];

    private static IEnumerable<string> InQuery(string target)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? [] : target[(mark + 1)..].Split('&')
            .Select(static pair => pair.Split('=', 2))
            .Where(static pair => pair.Length == 2 && pair[0].Equals("AppCode", StringComparison.OrdinalIgnoreCase))
            .Select(static pair => pair[1]);
    }
}
