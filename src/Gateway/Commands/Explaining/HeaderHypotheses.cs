using System.Text;
using Gateway.Commands.Requests;
using Gateway.Commands.Signing;
using Gateway.Contracts;
using Microsoft.Net.Http.Headers;

namespace Gateway.Commands.Explaining;

/// <summary>What may have gone wrong with the headers between signing and arriving.</summary>
internal static class HeaderHypotheses
{
    private static readonly string[] Accepts = ["", "*/*", "application/json", "application/json; charset=utf-8", "application/json, text/plain, */*", "text/plain"];

    private static readonly string[] ContentTypes =
    [
        "", "application/json", "application/json; charset=utf-8", "application/json; charset=UTF-8", "application/json;charset=utf-8", "application/json;charset=UTF-8",
        "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8", "application/x-www-form-urlencoded; charset=UTF-8",
        "application/octet-stream", "application/octet-stream; charset=utf-8", "text/plain", "text/plain; charset=utf-8",
    ];

    /// <summary>The hypotheses that make sense for a request.</summary>
    public static IEnumerable<Hypothesis> For(DescribedRequest request)
        => [
            .. OtherValues(request, HeaderNames.Accept, Accepts),
            .. OtherValues(request, HeaderNames.ContentType, ContentTypes),
            .. ContentMd5(request),
            .. request.Find(HeaderNames.Date) is null ? [] : OtherValues(request, HeaderNames.Date, [""]),
            .. Listed(request),
        ];

    private static IEnumerable<Hypothesis> OtherValues(DescribedRequest request, string name, string[] values)
    {
        var arrived = request.Find(name) ?? "";
        foreach (var value in values.Where(value => value != arrived))
        {
            yield return new Hypothesis(
                name,
                value.Length == 0 ? $"an empty {name}" : $"{name}: {value}",
                arrived.Length == 0
                    ? $"No {name} arrived: the client signed one that was not sent, or a proxy took it away."
                    : $"'{arrived}' arrived: {name} was added or changed after signing, as HTTP libraries do. Set it before signing, and send the same.",
                attempt => attempt with { Request = attempt.Request.With(name, value.Length == 0 ? null : value) });
        }
    }

    private static IEnumerable<Hypothesis> ContentMd5(DescribedRequest request)
    {
        const string name = "Content-MD5";
        var arrived = request.Find(name);
        if (arrived is not null)
        {
            yield return new Hypothesis(
                name, $"an empty {name}", $"The header {name} was added after signing, or its line was left out of the string.",
                static attempt => attempt with { Request = attempt.Request.With(name, null) });
        }

        if (request.Body.Length > 0 && RequestSigning.ContentMd5(request.Body) is var computed && computed != arrived)
        {
            yield return new Hypothesis(
                name,
                $"{name}: {computed}, which is that of the body,",
                arrived is null
                    ? $"The client signed {name} but did not send the header."
                    : $"The client signed the body's {name} but sent '{arrived}'.",
                attempt => attempt with { Request = attempt.Request.With(name, computed) });
        }
    }

    /// <summary>What may be wrong with the names in <c>X-Ca-Signature-Headers</c>.</summary>
    private static IEnumerable<Hypothesis> Listed(DescribedRequest request)
    {
        const string part = "signed headers";
        var list = request.Find(CaHeaders.SignatureHeaders) ?? "";
        string[] names = [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        foreach (var name in names)
        {
            yield return new Hypothesis(
                part, $"{name} left out", $"{name} is in {CaHeaders.SignatureHeaders} but has no line in what the client signed.",
                SignedNames(names.Where(other => other != name)));
            if (request.Find(name) is { Length: > 0 })
            {
                yield return new Hypothesis(
                    part, $"an empty {name}", $"{name} had no value when the client signed: it was set later, by the client's library or a proxy.",
                    attempt => attempt with { Request = attempt.Request.With(name, "") });
            }
        }

        foreach (var name in request.Headers.Select(static header => header.Key).Where(name => IsUnlisted(name, names)))
        {
            yield return new Hypothesis(
                part, $"{name} signed as well", $"The client signed {name} but does not name it in {CaHeaders.SignatureHeaders}.", SignedNames([.. names, name]));
        }

        if (names.Length > 0)
        {
            yield return new Hypothesis(part, "no header signed", "The client left all header lines out of its string.", SignedNames([]));
            yield return new Hypothesis(
                part, "the names in lower case", $"Names are signed as {CaHeaders.SignatureHeaders} spells them, and the client signed them in lower case.",
                SignedNames(names.Select(static name => name.ToLowerInvariant())));
            yield return new Hypothesis(
                part, "the headers in the order of the list", "Header lines are sorted by name, byte by byte, before they are signed.",
                static attempt => attempt with { Rewrite = text => InListOrder(text, attempt.Request) });
            yield return new Hypothesis(
                part, "a blank behind each colon", "Header lines are 'name:value', without a blank.", static attempt => attempt with { Rewrite = WithBlanks });
        }
    }

    private static bool IsUnlisted(string name, string[] names)
        => name.StartsWith("X-Ca-", StringComparison.OrdinalIgnoreCase)
            && !name.StartsWith(CaHeaders.Signature, StringComparison.OrdinalIgnoreCase)
            && !names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static Func<SignatureAttempt, SignatureAttempt> SignedNames(IEnumerable<string> names)
    {
        var list = string.Join(',', names);
        return attempt => attempt with { Request = attempt.Request.With(CaHeaders.SignatureHeaders, list) };
    }

    private static string InListOrder(string text, DescribedRequest request)
    {
        string[] names = [.. (request.Find(CaHeaders.SignatureHeaders) ?? "").Split(',', StringSplitOptions.TrimEntries)];
        var lines = StringToSignText.Split(text);
        return Join([
            .. lines.Where(static line => line.Part is not ("header" or "url")),
            .. lines.Where(static line => line.Part == "header").OrderBy(line => Array.IndexOf(names, line.Text.Split(':')[0])),
            lines[^1]]);
    }

    private static string WithBlanks(string text)
        => Join([.. StringToSignText.Split(text).Select(static line => line.Part == "header" ? line with { Text = line.Text.Replace(":", ": ", StringComparison.Ordinal) } : line)]);

    private static string Join(IReadOnlyList<SignedLine> lines)
        => new StringBuilder().AppendJoin('\n', lines.Select(static line => line.Text)).ToString();
}
