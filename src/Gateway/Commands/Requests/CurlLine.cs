using System.Text;
using Microsoft.Net.Http.Headers;

namespace Gateway.Commands.Requests;

/// <summary>A request as a line for a shell.</summary>
internal static class CurlLine
{
    private const string Continuation = " \\\n  ";

    /// <summary>Writes the line, without a line end. Pasted into any POSIX shell it sends this request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">The body as it was given: a file stays a file.</param>
    public static string Write(DescribedRequest request, IReadOnlyList<BodyArgument> body)
    {
        var url = $"{request.Scheme}://{request.Authority}{request.Target}";
        var line = new StringBuilder("curl -i ").Append(Method(request, body));
        line.Append(NeedsCare(url) ? "--globoff --path-as-is " : "").Append(Quote(url));
        if (request.Host != request.Authority)
        {
            line.Append(Continuation).Append("-H ").Append(Quote(request.Host.Length == 0 ? "Host:" : $"Host: {request.Host}"));
        }

        foreach (var (name, value) in request.Headers)
        {
            line.Append(Continuation).Append("-H ").Append(Quote(value.Length == 0 ? $"{name};" : $"{name}: {value}"));
        }

        foreach (var name in AddedByCurl(request, body))
        {
            line.Append(Continuation).Append("-H ").Append(Quote($"{name}:"));
        }

        foreach (var part in body)
        {
            line.Append(Continuation).Append(part.IsFile ? "--data-binary " : "--data-raw ").Append(Quote(part.IsFile ? $"@{part.Text}" : part.Text));
        }

        return line.ToString();
    }

    /// <summary>In single quotes, where nothing but their end has a meaning.</summary>
    public static string Quote(string text)
        => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || "@%_-+=:,./".Contains(c, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string Method(DescribedRequest request, IReadOnlyList<BodyArgument> body)
        => HttpMethods.IsHead(request.Method) ? "-I " // With -X HEAD curl would wait for the body that the answer announces.
            : request.Method == (body.Count > 0 ? HttpMethods.Post : HttpMethods.Get) ? ""
            : $"-X {Quote(request.Method)} ";

    /// <summary>Brackets and braces are patterns to curl, and dot segments are resolved.</summary>
    private static bool NeedsCare(string url)
        => url.AsSpan().ContainsAny("[]{}") || url.Contains("/.", StringComparison.Ordinal);

    /// <summary>Headers that curl would add and the request does not have.</summary>
    private static IEnumerable<string> AddedByCurl(DescribedRequest request, IReadOnlyList<BodyArgument> body)
    {
        if (request.Find(HeaderNames.Accept) is null)
        {
            yield return HeaderNames.Accept;
        }

        if (body.Count > 0 && request.Find(HeaderNames.ContentType) is null)
        {
            yield return HeaderNames.ContentType;
        }
    }
}
