using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gateway.Contracts;
using Gateway.Policies.Authentication.Signatures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Policies.Authentication;

/// <summary>Finds out which app calls, by signature or AppCode, and whether it may.</summary>
/// <remarks>
/// A signature wins over an AppCode. Its checks, in order: key, timestamp, signature, Content-MD5, authorization, nonce; the nonce last, so that
/// only a request that would be served uses it up. A request without a body to read, which is nearly every one, is checked without waiting.
/// </remarks>
internal sealed class AppAuthenticationMiddleware(
    RequestDelegate next, INonceStore nonces, HeldMemory memory, PolicyMetrics metrics, TimeProvider time, ILogger<AppAuthenticationMiddleware> logger)
{
    private const int LongestNonce = 256;
    private const int LongestLoggedKey = 64;

    /// <summary>So that a nonce outlives the last millisecond in which its timestamp passes.</summary>
    private static readonly TimeSpan NonceMargin = TimeSpan.FromSeconds(1);

    public Task InvokeAsync(HttpContext context)
    {
        var policy = ApiPolicy.Of(context);
        if (policy.Authentication is not { } authentication)
        {
            return next(context);
        }

        var now = time.GetUtcNow();
        if (SignatureCredentials.Find(context, CaHeaders.Signature) is not null)
        {
            return VerifyAsync(context, policy, authentication, now);
        }

        return AppCodeAuthentication.TryFindCaller(context, authentication, out var caller)
            && AppAuthorization.Check(context, policy, authentication, caller, now)
                ? ServeAsync(context, caller, AuthScheme.AppCode)
                : RefuseAsync(context, policy, caller);
    }

    private Task VerifyAsync(HttpContext context, ApiPolicy policy, AppAuthentication authentication, DateTimeOffset now)
    {
        if (!SignatureCredentials.TryRead(context, authentication, out var credentials)
            || !TryFindApp(context, authentication, credentials, out var app))
        {
            return RefuseAsync(context, policy, caller: null);
        }

        var call = new SignedCall(context, policy, authentication, credentials, app, now);
        var hasBody = FormContent.HasBody(context);
        var hasForm = hasBody && FormContent.IsForm(context.Request.Headers);
        if (!IsTimely(call) || (authentication.StrictSignature && !StrictSignature.Check(call, hasOtherBody: hasBody && !hasForm)))
        {
            return RefuseAsync(call);
        }

        if (hasForm)
        {
            return VerifyFormAsync(call);
        }

        if (!SignatureVerifier.Verify(call, form: default, charset: null) || !ContentMd5.CheckShape(call, hasBody))
        {
            return RefuseAsync(call);
        }

        return credentials.ContentMd5 is null ? AuthorizeAsync(call) : VerifyBodyAsync(call);
    }

    /// <summary>Finds the app of an AppKey. An unknown key costs an HMAC all the same, so that the time it takes tells nothing.</summary>
    private static bool TryFindApp(HttpContext context, AppAuthentication authentication, in SignatureCredentials credentials, [NotNullWhen(true)] out App? app)
    {
        app = authentication.Apps.FindByKey(credentials.AppKey);
        if (app is not null)
        {
            return true;
        }

        if (StringToSign.TryCreate(context, form: default, charset: null, out var text))
        {
            text.TryWriteDocumented(out var documented);
            App.Nobody.HasSigned(credentials.Method, documented, signature: default, now: default);
            text.Dispose();
        }

        context.Fail(GatewayError.UnknownAppKey);
        return false;
    }

    /// <summary>The cloud does not ask for a timestamp; one that is there must lie in the window.</summary>
    private static bool IsTimely(in SignedCall call)
    {
        if (call.Credentials.Timestamp is not { } text)
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp))
        {
            return call.Fail(GatewayError.InvalidHeader, "`X-Ca-Timestamp` must be milliseconds since 1970");
        }

        var skew = Math.Abs(call.Now.ToUnixTimeMilliseconds() - timestamp);
        return skew <= (long)call.Authentication.Settings.TimestampWindow.TotalMilliseconds || call.Fail(GatewayError.TimestampExpired);
    }

    /// <summary>
    /// Checks the timestamp once more when the body has come. It may have come slowly: a replay that began within the window could else end when
    /// the nonce of the original is forgotten.
    /// </summary>
    private bool IsTimelyStill(in SignedCall call) => call.Credentials.Nonce is null || IsTimely(call with { Now = time.GetUtcNow() });

    /// <summary>The parameters of a form are signed, so it is read first.</summary>
    private async Task VerifyFormAsync(SignedCall call)
    {
        if (!FormContent.TryGetCharset(call.Context.Request.Headers, out var charset))
        {
            call.Fail(GatewayError.InvalidHeader, "`Content-Type` names a charset that forms are not read in");
            await RefuseAsync(call);
            return;
        }

        var settings = call.Authentication.Settings;
        var limit = Math.Min(settings.FormBody.Bytes, call.Policy.MaxRequestBody);
        var withMd5 = call.Credentials.ContentMd5 is not null;
        if (await HeldBody.HoldAsync(call.Context, Rules(settings, limit, limit, withMd5), memory, time) is { } body)
        {
            await (SignatureVerifier.Verify(call, body.Bytes.Span, charset) && ContentMd5.Check(call, body) && IsTimelyStill(call) ? AuthorizeAsync(call) : RefuseAsync(call));
        }
    }

    /// <summary>The signature holds and covers a digest: the body is read, and compared with it, before the backend sees a byte.</summary>
    private async Task VerifyBodyAsync(SignedCall call)
    {
        var settings = call.Authentication.Settings;
        if (await HeldBody.HoldAsync(call.Context, Rules(settings, settings.MemoryBody.Bytes, call.Policy.MaxRequestBody, withMd5: true), memory, time) is { } body)
        {
            await (ContentMd5.Check(call, body) && IsTimelyStill(call) ? AuthorizeAsync(call) : RefuseAsync(call));
        }
    }

    /// <summary>The caller is who it says. What is left is whether it may call, and whether it has sent this very request before.</summary>
    private Task AuthorizeAsync(in SignedCall call)
    {
        if (!AppAuthorization.Check(call.Context, call.Policy, call.Authentication, call.App.Identity, call.Now))
        {
            return RefuseAsync(call);
        }

        if (call.Credentials.Nonce is not { } nonce)
        {
            if (!call.Authentication.RequireNonce)
            {
                return ServeAsync(call.Context, call.App.Identity, AuthScheme.Signature);
            }

            call.Fail(GatewayError.NonceMissing);
            return RefuseAsync(call);
        }

        if (nonce.Length > LongestNonce)
        {
            call.Fail(GatewayError.InvalidHeader, "`X-Ca-Nonce` is longer than 256 characters");
            return RefuseAsync(call);
        }

        var key = NonceKey.Create(call.Credentials.AppKey, call.Authentication.ApiId, nonce);
        var settings = call.Authentication.Settings;
        var use = nonces.TryUseAsync(key, NonceLifetime(call), settings.MaxNonces);
        return use.IsCompletedSuccessfully ? ServeOnceAsync(call, key, use.Result) : AwaitNonceAsync(call, key, use);
    }

    /// <summary>The window, and longer by as much as the client's clock is ahead, because its timestamp passes for as long.</summary>
    private static TimeSpan NonceLifetime(in SignedCall call)
    {
        var ahead = long.TryParse(call.Credentials.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp)
            ? Math.Max(0, timestamp - call.Now.ToUnixTimeMilliseconds())
            : 0;
        return call.Authentication.Settings.TimestampWindow + TimeSpan.FromMilliseconds(ahead) + NonceMargin;
    }

    private async Task AwaitNonceAsync(SignedCall call, UInt128 key, ValueTask<NonceUse> use) => await ServeOnceAsync(call, key, await use);

    private Task ServeOnceAsync(in SignedCall call, UInt128 key, NonceUse use)
    {
        if (use != NonceUse.Fresh)
        {
            if (use == NonceUse.Used)
            {
                call.Fail(GatewayError.NonceUsed);
            }
            else
            {
                call.Context.Fail(GatewayError.Busy, outcome: RequestOutcome.GatewayError); // No room for it: a bound of ours.
            }

            return RefuseAsync(call);
        }

        var served = ServeAsync(call.Context, call.App.Identity, AuthScheme.Signature);
        return served.IsCompletedSuccessfully && !IsTurnedAway(call.Context) ? served : ReleaseIfTurnedAwayAsync(call.Context, key, served);
    }

    /// <summary>A client that is told to come back later may do so with the same request.</summary>
    private async Task ReleaseIfTurnedAwayAsync(HttpContext context, UInt128 key, Task served)
    {
        await served;
        if (IsTurnedAway(context))
        {
            await nonces.ReleaseAsync(key);
        }
    }

    /// <summary>Throttled, or refused as busy, before anything went to a backend. A replay that raced it has found the nonce used, so at most one is served.</summary>
    private static bool IsTurnedAway(HttpContext context)
        => context.Gateway() is { BackendStartedAt: 0, Failure.Status: StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable };

    private Task ServeAsync(HttpContext context, AppIdentity caller, AuthScheme scheme)
    {
        var gateway = context.Gateway();
        gateway.Caller = caller;
        metrics.CallerAsked(gateway, scheme, isRefused: false);
        return next(context);
    }

    private static AuthScheme SchemeOf(HttpContext context, GatewayFeature gateway)
        => SignatureCredentials.Find(context, CaHeaders.Signature) is not null ? AuthScheme.Signature
            : gateway.Failure == GatewayError.CredentialsMissing || gateway.Failure == GatewayError.HeaderMissing ? AuthScheme.None
            : AuthScheme.AppCode;

    private Task RefuseAsync(in SignedCall call) => RefuseAsync(call.Context, call.Policy, call.App.Identity);

    private Task RefuseAsync(HttpContext context, ApiPolicy policy, AppIdentity? caller)
    {
        var gateway = context.Gateway();
        Debug.Assert(gateway.Failure is not null, "Whatever refuses a caller says why.");
        metrics.CallerAsked(gateway, SchemeOf(context, gateway), isRefused: true);
        if (logger.IsEnabled(LogLevel.Information))
        {
            if (gateway.Failure == GatewayError.AddressDenied)
            {
                logger.AddressDenied(policy.ApiId, gateway.RequestId, gateway.ClientAddress, "an address of another app");
            }

            var appKey = SignatureCredentials.Find(context, CaHeaders.Key);
            logger.CallerRefused(policy.ApiId, gateway.RequestId, gateway.Failure.Code, appKey?.Length > LongestLoggedKey ? appKey[..LongestLoggedKey] : appKey, caller?.Name);
        }

        return Task.CompletedTask;
    }

    private static HeldBodyRules Rules(AuthenticationOptions settings, long memoryLimit, long limit, bool withMd5) => new()
    {
        MemoryLimit = memoryLimit,
        Limit = limit,
        TotalMemory = settings.HeldMemory.Bytes,
        Deadline = settings.BodyTimeout,
        Folder = settings.BodyFolder,
        WithMd5 = withMd5,
    };
}
