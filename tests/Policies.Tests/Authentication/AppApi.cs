using System.Collections.Concurrent;
using System.Collections.Frozen;
using Gateway.Contracts;
using Gateway.Policies.Authentication;
using Gateway.Policies.IpAccess;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>One API with <c>Auth</c> <c>App</c>: the middleware with the real nonce table, a clock to set, and a backend that keeps what it gets.</summary>
internal sealed class AppApi : ILogger<AppAuthenticationMiddleware>, IDisposable
{
    public const string Code = "0123456789abcdef0123456789abcdef";

    private readonly NonceTable _nonces;
    private readonly AppAuthenticationMiddleware _middleware;
    private readonly ConcurrentQueue<string> _log = new();

    public AppApi(AppAuthentication? authentication = null)
    {
        Serve = KeepAsync;
        Authentication = authentication ?? Settings();
        _nonces = new NonceTable(Time);
        _middleware = new AppAuthenticationMiddleware(context => Serve(context), _nonces, new HeldMemory(), TestMetrics.Create(), Time, this);
    }

    public FakeTimeProvider Time { get; } = new(TestRequest.SignedAt);

    public AppAuthentication Authentication { get; }

    public long MaxRequestBody { get; init; } = 32 << 20;

    public IpAccessList? IpAccess { get; init; }

    /// <summary>What stands behind authentication; the request counts as served when it returns.</summary>
    public Func<HttpContext, Task> Backend { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What follows authentication; keeps the body and calls <see cref="Backend"/> unless a test sets it.</summary>
    public RequestDelegate Serve { get; init; }

    public IReadOnlyCollection<string> Log => _log;

    public long NonceCount => _nonces.Count;

    /// <summary>The API of most tests: everything that is allowed by default, HmacSHA1, and AppCodes in header and query.</summary>
    public static AppAuthentication Settings(
        IReadOnlyDictionary<string, AppOptions>? apps = null,
        AppCodeUse appCode = AppCodeUse.HeaderOrQuery,
        bool allowSha1 = true,
        bool requireNonce = false,
        bool strict = false,
        string apiId = "group/api",
        IReadOnlyDictionary<string, DateTimeOffset?>? grants = null,
        AuthenticationOptions? settings = null)
    {
        apps ??= new Dictionary<string, AppOptions>
        {
            ["fcApp"] = new() { AppKey = TestRequest.Key, AppSecret = TestRequest.Secret, AppCodes = [Code] },
            ["other"] = new() { AppKey = "60022326", AppSecret = "another-secret", AppCodes = ["another-code"] },
        };
        return new AppAuthentication
        {
            ApiId = apiId,
            Apps = AppDirectory.Compile(apps),
            Grants = (grants ?? apps.Keys.Where(static name => name != "other").ToDictionary(static name => name, static DateTimeOffset? (_) => null))
                .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            AppCode = appCode,
            AllowSha256 = true,
            AllowSha1 = allowSha1,
            RequireNonce = requireNonce,
            StrictSignature = strict,
            Settings = settings ?? new AuthenticationOptions(),
        };
    }

    /// <summary>Sends a request.</summary>
    /// <returns>The code of the refusal, or <c>ok</c> when it was served.</returns>
    public async Task<string> SendAsync(TestRequest request) => (await SendForAnswerAsync(request)).Code;

    /// <summary>Sends a request and tells everything of the answer.</summary>
    public async Task<AppAnswer> SendForAnswerAsync(TestRequest request)
    {
        var context = Prepare(request);
        await InvokeAsync(context);
        var gateway = context.Gateway();
        return new AppAnswer(
            context.Items.ContainsKey("served") ? gateway.Failure?.Code ?? "ok" : gateway.Failure!.Code,
            gateway.Failure?.Describe(gateway.FailureDetail),
            gateway.Caller?.Name,
            context.Items["body"] as byte[]);
    }

    public DefaultHttpContext Prepare(TestRequest request)
    {
        var context = request.ToContext();
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new ApiPolicy
        {
            ApiId = Authentication.ApiId,
            AllowHttp = true,
            AllowHttps = true,
            Stage = null,
            MaxRequestBody = MaxRequestBody,
            Authentication = Authentication,
            IpAccess = IpAccess,
        }), "api"));
        return context;
    }

    public Task InvokeAsync(HttpContext context) => _middleware.InvokeAsync(context);

    public void Dispose() => _nonces.Dispose();

    private async Task KeepAsync(HttpContext context)
    {
        context.Items["served"] = true;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Items["body"] = body.ToArray();
        await Backend(context);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _log.Enqueue($"{eventId.Id} {logLevel} {formatter(state, exception)}");
}

/// <summary>What came of a request.</summary>
internal sealed record AppAnswer(string Code, string? Message, string? Caller, byte[]? Body);
