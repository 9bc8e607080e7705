using System.Net;
using Gateway.Commands.Requests;
using Gateway.Configuration;
using Gateway.Configuration.Reload;
using Gateway.Contracts;
using Gateway.Hosting;
using Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Commands.Explaining;

/// <summary>The gateway itself, built but not started, with a forwarder that sends nothing: what it decides is what the server decides.</summary>
internal sealed class DryRun : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RequestDelegate _pipeline;

    private DryRun(WebApplication app)
    {
        _app = app;
        app.Run(static context => context.GetEndpoint()!.RequestDelegate!(context)); // What UseEndpoints would do, which only a started host has.
        _pipeline = ((IApplicationBuilder)app).Build();
    }

    /// <summary>Builds the gateway for a configuration. Counters and nonces begin empty.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="time">The clock of timestamps and limits.</param>
    public static async Task<DryRun> CreateAsync(GatewayConfiguration configuration, ConfigurationSource source, TimeProvider time)
    {
        var watcher = new ConfigurationWatcher(source, TimeProvider.System, ConfigurationWatcher.DefaultInterval);
        await using var local = LocalFunctionsHost.NotStarted;
        return new DryRun(GatewayHost.Create(configuration, source, watcher, local, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(time);
            builder.Services.AddSingleton<IHttpForwarder, RecordingForwarder>();
        }));
    }

    /// <summary>Runs a request through the pipeline.</summary>
    /// <param name="request">The request.</param>
    /// <param name="peer">Address of the TCP peer.</param>
    public async Task<Verdict> RunAsync(DescribedRequest request, IPAddress peer)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var context = request.ToHttpContext(scope.ServiceProvider, peer);
        await _pipeline(context);
        var apiId = context.GetEndpoint()?.DisplayName;
        var snapshot = _app.Services.GetRequiredService<ServingTable>().Current.Snapshot;
        return new Verdict(
            context.Gateway(), snapshot.Apis.FirstOrDefault(api => api.Id == apiId), context.Response.StatusCode, context.Features.Get<ForwardedCall>());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>What became of a request.</summary>
/// <param name="Gateway">What the gateway knows of it: client address, caller, refusal.</param>
/// <param name="Api">The API that was matched; null for none.</param>
/// <param name="Status">Status of the answer; without meaning when there is a call.</param>
/// <param name="Call">What the backend would have been sent; null when it would not have been called.</param>
internal sealed record Verdict(GatewayFeature Gateway, Api? Api, int Status, ForwardedCall? Call)
{
    /// <summary>The refusal; null when the request would be served.</summary>
    public GatewayError? Failure => Gateway.Failure;
}

/// <summary>A clock that stands still.</summary>
/// <param name="now">What it shows.</param>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => now;
}
