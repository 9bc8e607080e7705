using System.Net;
using System.Text;
using Gateway.Backends.EventFunctions;
using Gateway.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>Kestrel and YARP with the event transforms and one API, <c>/api/[id]/*</c> among others; no policies.</summary>
internal sealed class EventGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EventGateway(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public static async Task<EventGateway> StartAsync(string functionAddress, ApiBackend api, TimeProvider? time = null, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols);
            kestrel.Limits.MaxRequestBodySize = 8 << 20;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.UTF8;
        });
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<IBackendSource>(new OneApi(api));
        builder.Services.AddSingleton(TestMetrics.Create());
        builder.Services.AddSingleton<IForwarderHttpClientFactory, ClientFactory>();
        builder.Services.AddReverseProxy().AddTransforms<EventTransformProvider>().LoadFromMemory(
            [new RouteConfig { RouteId = "route", ClusterId = "cluster", Match = new RouteMatch { Path = "{**rest}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "cluster",
                    HttpRequest = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromDays(2) },
                    Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = functionAddress } },
                },
            ]);
        var app = builder.Build();
        app.Use(AnswerAsync);
        app.MapReverseProxy();
        await app.StartAsync();
        return new EventGateway(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Stands in for the first and the error middleware.</summary>
    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var gateway = TestApi.Feature(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        context.Features.Set(gateway);
        await next(context);
        if (context.Features.Get<IForwarderErrorFeature>() is not null && gateway.Failure is null)
        {
            context.Fail(context.Features.Get<EventCall>() is { TimedOut: true } ? GatewayError.FunctionTimeout : GatewayError.ConnectFailed);
        }

        if (gateway.Failure is { } failure && !context.Response.HasStarted)
        {
            context.Response.StatusCode = failure.Status;
            context.Response.Headers["X-Ca-Error-Code"] = failure.Code;
            await context.Response.WriteAsync(failure.Describe(gateway.FailureDetail), context.RequestAborted);
        }
    }

    private sealed class OneApi(ApiBackend api) : IBackendSource
    {
        public ApiBackend FindRoute(string routeId) => api;

        public FunctionOptions FindCluster(string clusterId) => api.Options;
    }

    private sealed class ClientFactory : ForwarderHttpClientFactory
    {
        protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler)
            => new EventContentHandler { InnerHandler = handler };
    }
}
