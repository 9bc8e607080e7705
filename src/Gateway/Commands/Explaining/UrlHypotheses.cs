using System.Text;
using Gateway.Commands.Requests;
using Gateway.Commands.Signing;
using Gateway.Contracts;

namespace Gateway.Commands.Explaining;

/// <summary>What may have gone wrong with method, path and parameters.</summary>
internal static class UrlHypotheses
{
    private const string Parameters = "parameters";
    private const string Path = "path";
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"];

    /// <summary>The hypotheses that make sense for a request.</summary>
    public static IEnumerable<Hypothesis> For(DescribedRequest request)
    {
        var mark = request.Target.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? request.Target : request.Target[..mark];
        return [.. ForQuery(mark < 0 ? "" : request.Target[(mark + 1)..], path), .. ForBody(request), .. ForPath(path, request), .. ForMethod(request.Method)];
    }

    private static IEnumerable<Hypothesis> ForQuery(string query, string path)
    {
        if (query.Length == 0)
        {
            yield break;
        }

        if (query.AsSpan().ContainsAny('%', '+'))
        {
            yield return Query(
                "the query not decoded", "Parameters are signed decoded and sent encoded; the client signed them as they stand in the URL, or something encoded them again.",
                query.Replace("%", "%25", StringComparison.Ordinal).Replace("+", "%2B", StringComparison.Ordinal));
            yield return Query(
                "+ for each blank", "A blank is signed as a blank, however it is sent.",
                query.Replace("%20", "%2B", StringComparison.OrdinalIgnoreCase).Replace("+", "%2B", StringComparison.Ordinal));
        }

        if (query.Contains("%25", StringComparison.Ordinal))
        {
            yield return Query("the query decoded twice", "The query was encoded twice on its way.", query.Replace("%25", "%", StringComparison.Ordinal));
        }

        yield return new Hypothesis(
            Parameters, "no query", "The client left the query out of its string.", attempt => attempt with { Request = attempt.Request with { Target = path } });
        yield return Rewritten("the parameters in the order sent", "Parameters are sorted by name before they are signed, by UTF-16 code units as Java, JavaScript and .NET compare text.", isSorted: false, hasEquals: false, isJoined: false);
        yield return Rewritten("'=' behind names without a value", "A parameter without a value is signed as its bare name.", isSorted: true, hasEquals: true, isJoined: false);
        yield return Rewritten("all values of a repeated parameter", "Of a repeated parameter the first value is signed.", isSorted: true, hasEquals: false, isJoined: true);

        Hypothesis Query(string with, string advice, string changed)
            => new(Parameters, with, advice, attempt => attempt with { Request = attempt.Request with { Target = $"{path}?{changed}" } });
    }

    private static IEnumerable<Hypothesis> ForBody(DescribedRequest request)
    {
        if (request.Body.Length > 0 && request.IsForm)
        {
            yield return new Hypothesis(
                Parameters, "the form left out", "The parameters of a form are signed like those of the query, and the client did not sign them.",
                static attempt => attempt with { Request = attempt.Request with { Body = [] } });
        }
        else if (request.Body.Length > 0 && !request.Body.AsSpan().ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            yield return new Hypothesis(
                Parameters, "the body signed as a form", "The body arrived with a type other than application/x-www-form-urlencoded, so that its parameters are not signed.",
                static attempt => attempt with { Request = attempt.Request with { Target = BodyFirst(attempt.Request) } });
        }
    }

    /// <summary>A target with the body's parameters before those of the query, as a form's count.</summary>
    private static string BodyFirst(DescribedRequest request)
    {
        var target = request.Target.Split('?', 2);
        return $"{target[0]}?{Encoding.ASCII.GetString(request.Body)}{(target.Length > 1 ? "&" + target[1] : "")}";
    }

    private static IEnumerable<Hypothesis> ForPath(string path, DescribedRequest request)
    {
        var second = path.IndexOf('/', 1);
        if (second > 0)
        {
            yield return WithPath(
                "the path without its first segment", "The whole path that the client asks for is signed, base path included. A proxy in front may put a prefix before it.", path[second..]);
        }

        if (path.Length > 1)
        {
            yield return path.EndsWith('/')
                ? WithPath("no slash at the path's end", "The path is signed as sent, its last slash included.", path.TrimEnd('/'))
                : WithPath("a slash at the path's end", "The path is signed as sent, and it was sent without its last slash.", path + "/");
        }

        yield return new Hypothesis(
            Path, "the whole URL", "Path and parameters are signed, not scheme and host.",
            attempt => attempt with { Rewrite = text => ReplaceUrl(text, url => $"{request.Scheme}://{request.Host}{url}") });

        Hypothesis WithPath(string with, string advice, string changed)
            => new(Path, with, advice, attempt => attempt with { Request = attempt.Request with { Target = changed + attempt.Request.Target[path.Length..] } });
    }

    private static IEnumerable<Hypothesis> ForMethod(string method)
        => Methods.Where(other => other != method).Select(other => new Hypothesis(
            "method", $"the method {other}", $"The client signed {other} and {method} arrived: a redirect, or the HTTP library, changed it.",
            attempt => attempt with { Request = attempt.Request with { Method = other } }));

    private static Hypothesis Rewritten(string with, string advice, bool isSorted, bool hasEquals, bool isJoined)
        => new(Parameters, with, advice, attempt => attempt with
        {
            Rewrite = text => ReplaceUrl(text, _ => WriteUrl(attempt, isSorted, hasEquals, isJoined)),
        });

    private static string ReplaceUrl(string text, Func<string, string> replace)
    {
        var url = StringToSignText.Split(text)[^1].Text;
        return text[..^url.Length] + replace(url);
    }

    /// <summary>The line by another rule than the documented one.</summary>
    private static string WriteUrl(SignatureAttempt attempt, bool isSorted, bool hasEquals, bool isJoined)
    {
        var target = attempt.Request.Target.Split('?', 2);
        var all = (target.Length > 1 ? target[1] : "") + (attempt.Request.IsForm ? "&" + Encoding.UTF8.GetString(attempt.Request.Body) : "");
        var groups = all.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(static pair => pair.Split('=', 2))
            .GroupBy(static pair => Decode(pair[0]), static pair => pair.Length > 1 ? Decode(pair[1]) : "")
            .Select(group => (Name: group.Key, Value: isJoined ? string.Join(',', group) : group.First()));
        var parameters = isSorted ? groups.OrderBy(static parameter => parameter.Name, StringComparer.Ordinal) : groups;
        return $"{target[0]}?{string.Join('&', parameters.Select(parameter
            => parameter.Value.Length > 0 || hasEquals ? $"{parameter.Name}={parameter.Value}" : parameter.Name))}";
    }

    private static string Decode(string text) => PercentEncoding.TryDecode(text, plusIsSpace: true, out var decoded) ? decoded : text;
}
