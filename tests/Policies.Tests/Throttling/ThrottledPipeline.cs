using System.Net;
using Gateway.Contracts;
using Gateway.Policies.Throttling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Policies.Tests.Throttling;

/// <summary>The framework's rate limiting middleware with our limiter, as the program registers them, in front of an endpoint that counts.</summary>
internal sealed class ThrottledPipeline : IDisposable
{
    private readonly ServiceProvider _services;

    /// <summary>Builds the pipeline.</summary>
    /// <param name="endpoint">What is behind the limits; by default it answers at once.</param>
    /// <param name="store">Changes the store, e.g. to a slower one.</param>
    public ThrottledPipeline(RequestDelegate? endpoint = null, Func<IThrottlingStore, IThrottlingStore>? store = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Time).AddGatewayPolicies();
        if (store is not null)
        {
            services.AddSingleton<LocalThrottlingStore>().AddSingleton(provider => store(provider.GetRequiredService<LocalThrottlingStore>()));
        }

        _services = services.BuildServiceProvider();
        var app = new ApplicationBuilder(_services);
        app.UseThrottling();
        app.Run(context =>
        {
            Interlocked.Increment(ref _served);
            return endpoint is null ? Task.CompletedTask : endpoint(context);
        });
        Pipeline = app.Build();
    }

    private int _served;

    /// <summary>The clock of the counters; begins ten seconds before a full minute.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 20, 44, 50, TimeSpan.Zero));

    public RequestDelegate Pipeline { get; }

    /// <summary>Requests that reached the endpoint.</summary>
    public int Served => Volatile.Read(ref _served);

    public T Get<T>()
        where T : notnull
        => _services.GetRequiredService<T>();

    /// <summary>A plan for the API <c>g/a</c> with the path <c>/shops/[shop]/*</c>.</summary>
    public static ThrottlingPlan? Plan(
        ThrottlingOptions options, string apiId = "g/a", string policy = "p", bool hasApps = true, int? concurrency = null, int maxCounters = 1_000_000)
        => Plan([KeyValuePair.Create(policy, options)], apiId, hasApps, concurrency, maxCounters);

    public static ThrottlingPlan? Plan(
        IReadOnlyList<KeyValuePair<string, ThrottlingOptions>> policies, string apiId = "g/a", bool hasApps = true, int? concurrency = null, int maxCounters = 1_000_000)
    {
        Assert.True(PathTemplate.TryParse("/shops/[shop]/*", out var path, out var _));
        return ThrottlingPlan.Compile(apiId, path!, policies, hasApps, concurrency, new ThrottlingStateOptions { MaxCounters = maxCounters });
    }

    /// <summary>Sends a request through the pipeline.</summary>
    public async Task<GatewayFeature> SendAsync(
        ThrottlingPlan? plan, string? app = null, string? address = "192.0.2.1", string target = "/shops/1/x", string? header = null)
    {
        var context = CreateContext(plan, app, address, target, header);
        await Pipeline(context);
        return context.Gateway();
    }

    /// <summary>Sends a request and gives its error code, or <c>ok</c>.</summary>
    public async Task<string> CodeAsync(
        ThrottlingPlan? plan, string? app = null, string? address = "192.0.2.1", string target = "/shops/1/x", string? header = null)
        => (await SendAsync(plan, app, address, target, header)).Failure?.Code ?? "ok";

    /// <summary>Sends requests until one is refused.</summary>
    /// <returns>How many were admitted.</returns>
    public async Task<int> ExhaustAsync(ThrottlingPlan? plan, string? app = null, string? address = "192.0.2.1", string target = "/shops/1/x", string? header = null)
    {
        var admitted = 0;
        while (await CodeAsync(plan, app, address, target, header) == "ok")
        {
            Assert.True(++admitted < 10_000);
        }

        return admitted;
    }

    public static HttpContext CreateContext(ThrottlingPlan? plan, string? app, string? address, string target, string? header)
    {
        Assert.True(RequestTarget.TryParse(target, out var parsed));
        var context = new DefaultHttpContext();
        context.Features.Set(new GatewayFeature
        {
            RequestId = "1",
            Target = parsed,
            ClientAddress = address is null ? null : IPAddress.Parse(address),
            Caller = app is null ? null : new AppIdentity(app, app, null),
        });
        if (header is not null)
        {
            context.Request.Headers["X-Tenant"] = header;
        }

        var policy = new ApiPolicy { ApiId = "g/a", AllowHttp = true, AllowHttps = true, Stage = null, MaxRequestBody = 0, Throttling = plan };
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(policy), "g/a"));
        return context;
    }

    public void Dispose() => _services.Dispose();
}
