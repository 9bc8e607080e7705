using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Authentication.Signatures;

/// <summary>A signed request under verification.</summary>
/// <param name="Context">The request.</param>
/// <param name="Policy">The policy of its API.</param>
/// <param name="Authentication">How the API checks its callers.</param>
/// <param name="Credentials">What the request says of itself.</param>
/// <param name="App">The app that its AppKey belongs to; no caller yet.</param>
/// <param name="Now">When it came: one time for all its checks.</param>
internal readonly record struct SignedCall(
    HttpContext Context, ApiPolicy Policy, AppAuthentication Authentication, SignatureCredentials Credentials, App App, DateTimeOffset Now)
{
    /// <summary>Whether the app has signed a text just so.</summary>
    public bool IsSignatureOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature) => App.HasSigned(Credentials.Method, text, signature, Now);

    /// <summary>Refuses the request.</summary>
    /// <returns>False, for the caller to return.</returns>
    public bool Fail(GatewayError error, string? detail = null)
    {
        Context.Fail(error, detail);
        return false;
    }
}
