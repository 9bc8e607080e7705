using Gateway.Backends;
using Gateway.Commands.Requests;
using Gateway.Configuration;

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
        var keys = configuration.Options.Backends.Values.OfType<FunctionOptions>().Select(static backend => backend.Credentials).OfType<CredentialsOptions>();
        return new Redaction([
            .. apps.Select(static app => app.AppSecret).OfType<string>(),
            .. apps.Select(static app => app.PreviousAppSecret).OfType<string>(),
            .. apps.SelectMany(static app => app.AppCodes),
            .. keys.SelectMany(static key => new[] { key.AccessKeySecret, key.SecurityToken }).OfType<string>(),
            .. RequestAppCode.Of(request)]);
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
}
