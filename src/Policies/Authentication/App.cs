using Gateway.Contracts;

namespace Gateway.Policies.Authentication;

/// <summary>An enabled app with what it signs with. Thread safe.</summary>
/// <param name="identity">Who it is to everything behind authentication.</param>
/// <param name="secret">Its secret; null for an app that cannot sign.</param>
/// <param name="previous">The secret before, if it may still be in use.</param>
/// <param name="previousUntil">When the previous secret ends; without an end it has ended.</param>
internal sealed class App(AppIdentity identity, AppSecret? secret, AppSecret? previous, DateTimeOffset? previousUntil)
{
    /// <summary>Who it is to everything behind authentication.</summary>
    public AppIdentity Identity => identity;

    /// <summary>An app that nobody is: an unknown AppKey is checked against it, so that it costs what a known one costs.</summary>
    public static App Nobody { get; } = new(new AppIdentity("", "", null), AppSecret.Random(), previous: null, previousUntil: null);

    /// <summary>Whether the app has signed a text, with its secret or with the previous one as long as that holds.</summary>
    /// <param name="method">How it was signed.</param>
    /// <param name="text">The text, as UTF-8.</param>
    /// <param name="signature">The signature, of any length.</param>
    /// <param name="now">The time at which the previous secret must not have ended.</param>
    public bool HasSigned(SignatureMethod method, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature, DateTimeOffset now)
        => secret?.Verifies(method, text, signature) == true
            || (previous is not null && now < previousUntil && previous.Verifies(method, text, signature));
}
