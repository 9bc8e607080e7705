using System.Diagnostics.Metrics;
using System.Net;
using BenchmarkDotNet.Attributes;
using Gateway.Contracts;
using Gateway.Policies;
using Gateway.Policies.Throttling;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks;

/// <summary>What the limits of an API cost one request, by number of callers.</summary>
[MemoryDiagnoser]
public class ThrottlingBenchmarks : IDisposable
{
    private static readonly PolicyMetrics Metrics =
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), new ServedStage("TEST"));

    private readonly ThrottlingLimiter _limiter =
        new(new LocalThrottlingStore(TimeProvider.System, Metrics, NullLogger<LocalThrottlingStore>.Instance), new ConcurrencyGates(), Metrics);

    private HttpContext[] _contexts = [];
    private int _next;

    /// <summary>Number of apps and client addresses.</summary>
    [Params(1, 100_000)]
    public int Callers { get; set; }

    /// <summary>Limits of the policy.</summary>
    [Params("PerApi", "PerApi, PerApp, PerIp")]
    public string Limits { get; set; } = "";

    /// <summary>Prepares one request of each caller.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var isAll = Limits.Contains("PerIp", StringComparison.Ordinal);
        var options = new ThrottlingOptions
        {
            Unit = ThrottlingUnit.Second,
            PerApi = 1_000_000_000,
            PerApp = isAll ? 1_000_000_000 : null,
            PerIp = isAll ? 1_000_000_000 : null,
        };
        var path = PathTemplate.TryParse("/", out var template, out var problem) ? template! : throw new FormatException(problem);
        var policy = new ApiPolicy
        {
            ApiId = "group/api",
            AllowHttp = true,
            AllowHttps = true,
            Stage = null,
            MaxRequestBody = 0,
            Throttling = ThrottlingPlan.Compile("group/api", path, [KeyValuePair.Create("policy", options)], hasApps: true, concurrency: null, new ThrottlingStateOptions()),
        };
        var endpoint = new Endpoint(null, new EndpointMetadataCollection(policy), null);
        _contexts = [.. Enumerable.Range(0, Callers).Select(i => CreateContext(endpoint, i))];
    }

    /// <summary>One admitted request, as the middleware asks for it.</summary>
    [Benchmark]
    public bool Acquire()
    {
        _next = _next + 1 < _contexts.Length ? _next + 1 : 0;
        using var lease = _limiter.AttemptAcquire(_contexts[_next]);
        return lease.IsAcquired;
    }

    /// <summary>Disposes of the limiter.</summary>
    public void Dispose()
    {
        _limiter.Dispose();
        GC.SuppressFinalize(this);
    }

    private static DefaultHttpContext CreateContext(Endpoint endpoint, int caller)
    {
        var context = new DefaultHttpContext();
        context.Features.Set(new GatewayFeature
        {
            RequestId = "",
            ClientAddress = new IPAddress((uint)caller),
            Caller = new AppIdentity($"app{caller}", "", null),
        });
        context.SetEndpoint(endpoint);
        return context;
    }
}
