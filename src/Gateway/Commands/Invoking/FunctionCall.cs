using System.Net;
using Gateway.Commands.Requests;
using Gateway.Configuration;
using Gateway.Configuration.Reload;
using Gateway.Contracts;
using Gateway.Errors;
using Gateway.Hosting;
using Gateway.Requests;
using Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Commands.Invoking;

/// <summary>The gateway itself, built but not started, with the checks of a client left out: an API's event, its call and the answer made of it.</summary>
internal sealed class FunctionCall : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RequestDelegate _pipeline;

    private FunctionCall(WebApplication app, string apiId)
    {
        _app = app;
        _pipeline = new ApplicationBuilder(app.Services)
            .UseMiddleware<RequestStartMiddleware>()
            .UseMiddleware<ErrorMiddleware>()
            .UseMiddleware<RequestRulesMiddleware>()
            .UseMiddleware<ClientAddressMiddleware>()
            .Use(next => context => CallAsync(context, apiId))
            .Build();
    }

    /// <summary>Builds the gateway.</summary>
    /// <param name="apiId">Group and name of the API; its backend is an event function.</param>
    /// <param name="exchange">Says what is sent, and takes down what is.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="local">The local functions; the caller disposes of them.</param>
    /// <param name="time">The clock of signatures and system parameters.</param>
    /// <param name="error">Where warnings go.</param>
    public static FunctionCall Create(
        string apiId, FunctionExchange exchange, GatewayConfiguration configuration, ConfigurationSource source, LocalFunctionsHost local, TimeProvider time, TextWriter error)
    {
        var watcher = new ConfigurationWatcher(source, TimeProvider.System, ConfigurationWatcher.DefaultInterval);
        return new FunctionCall(
            GatewayHost.Create(configuration, source, watcher, local, builder =>
            {
                builder.Logging.ClearProviders().AddProvider(new ErrorLog(error));
                builder.Services.AddSingleton(time);
                var forwarder = builder.Services.Last(static service => service.ServiceType == typeof(IHttpForwarder)).ImplementationType!;
                builder.Services.AddSingleton<IHttpForwarder>(
                    services => new ExchangeForwarder((IHttpForwarder)ActivatorUtilities.CreateInstance(services, forwarder), exchange));
            }),
            apiId);
    }

    /// <summary>Runs a request.</summary>
    /// <param name="request">The request; the API takes it.</param>
    public async Task<FunctionAnswer> RunAsync(DescribedRequest request)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var context = request.ToHttpContext(scope.ServiceProvider, IPAddress.Loopback);
        using var body = new MemoryStream();
        context.Response.Body = body;
        await _pipeline(context);
        return new FunctionAnswer(
            context.Response.StatusCode,
            [.. context.Response.Headers.SelectMany(static header => header.Value.Select(value => KeyValuePair.Create(header.Key, value ?? "")))],
            body.ToArray(),
            context.Gateway().Failure);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task CallAsync(HttpContext context, string apiId)
    {
        var served = _app.Services.GetRequiredService<ServingTable>().Current;
        var endpoint = served.EndpointOf(served.Snapshot.Apis.First(api => api.Id == apiId));
        context.SetEndpoint(endpoint);
        return endpoint.RequestDelegate!(context);
    }
}

/// <summary>What a client would be answered.</summary>
/// <param name="Status">Status of the answer.</param>
/// <param name="Headers">Its headers, a line each.</param>
/// <param name="Body">Its body.</param>
/// <param name="Failure">The gateway's error; null when the answer is the function's.</param>
internal sealed record FunctionAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body, GatewayError? Failure);
