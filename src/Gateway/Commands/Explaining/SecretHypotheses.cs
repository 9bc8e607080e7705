using System.Globalization;
using Gateway.Configuration;
using Gateway.Policies.Authentication;

namespace Gateway.Commands.Explaining;

/// <summary>What may have gone wrong with secret and algorithm.</summary>
internal static class SecretHypotheses
{
    private const string Secret = "secret";

    /// <summary>The hypotheses that make sense for an app.</summary>
    /// <param name="name">Name of the app whose AppKey arrived.</param>
    /// <param name="method">The algorithm that the request names.</param>
    /// <param name="configuration">All apps.</param>
    public static IEnumerable<Hypothesis> For(string name, SignatureMethod method, GatewayConfiguration configuration)
    {
        var app = configuration.Options.Apps[name];
        var other = method == SignatureMethod.HmacSHA256 ? SignatureMethod.HmacSHA1 : SignatureMethod.HmacSHA256;
        yield return new Hypothesis(
            "algorithm", $"{other}", $"The client signed with {other}, and X-Ca-Signature-Method says {method}, which is the default where it is absent.",
            attempt => attempt with { Method = other });
        if (app.PreviousAppSecret is { } previous)
        {
            yield return With(
                previous, $"the previous secret of {name}",
                $"It was replaced, and ends at {app.PreviousUntil?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}: give the client the new one, or set PreviousUntil later.");
        }

        foreach (var (otherName, otherApp) in configuration.Options.Apps)
        {
            if (otherName != name && otherApp.AppSecret is { } secret)
            {
                yield return With(secret, $"the secret of app {otherName}", $"X-Ca-Key is that of {name}: the client mixes two apps.");
            }
        }

        if (app.AppSecret is { } own)
        {
            yield return With(own + "\n", "a line end behind the secret", "The client reads its secret from a file and keeps the line end.");
            yield return With(own + "&", "'&' behind the secret", "That is the rule of another product's signatures; here the secret is the key as it is.");
        }
    }

    private static Hypothesis With(string secret, string with, string advice) => new(Secret, with, advice, attempt => attempt with { Secret = secret });
}
