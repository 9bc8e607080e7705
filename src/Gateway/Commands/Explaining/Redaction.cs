using Gateway.Commands.Requests;
using Gateway.Configuration;
using Microsoft.Net.Http.Headers;

namespace Gateway.Commands.Explaining;

/// <summary>Takes secrets out of what is printed: those of the configuration, and the AppCode of the request.</summary>
internal sealed class Redaction
{
    private const string Shown = "***";
    private readonly string[] _secrets;

    private Redaction(IEnumerable<string> secrets)
        => _secrets = [.. secrets.Where(static secret => secret.Length > 3).Distinct().OrderByDescending(static secret => secret.Length)];

    /// <summary>The secrets that may turn up in an explanation of a request.</summary>
    public static Redaction Of(DescribedRequest request, GatewayConfiguration configuration)
    {
        var apps = configuration.Options.Apps.Values;
        return new Redaction([
            .. apps.Select(static app => app.AppSecret).OfType<string>(),
            .. apps.Select(static app => app.PreviousAppSecret).OfType<string>(),
            .. apps.SelectMany(static app => app.AppCodes),
            .. InHeader(request),
            .. InQuery(request.Target)]);
    }

    /// <summary>The text without them.</summary>
    public string Apply(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, Shown, StringComparison.Ordinal);
        }

        return text;
    }

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
