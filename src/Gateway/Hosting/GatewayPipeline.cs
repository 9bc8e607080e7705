using Gateway.Backends;
using Gateway.Backends.Http;
using Gateway.Configuration;
using Gateway.Errors;
using Gateway.Hosting.Draining;
using Gateway.Observability;
using Gateway.Policies;
using Gateway.Requests;
using Gateway.Routing;

namespace Gateway.Hosting;

/// <summary>The life of a request, top to bottom. Order is behaviour: change it only with the integration tests.</summary>
internal static class GatewayPipeline
{
    public static WebApplication UseGateway(this WebApplication app)
    {
        app.OptOutOfImpliedMiddleware();
        app.UseMiddleware<RequestStartMiddleware>();   // every later line can be correlated, errors included
        app.UseMiddleware<RequestTelemetryMiddleware>(); // span, metrics and access log see how everything below ended
        app.UseMiddleware<ErrorMiddleware>();          // sees all failures below, writes the only error answer
        app.UseMiddleware<DrainMiddleware>();          // once the program is told to stop, each request is its connection's last
        app.UseMiddleware<RequestRulesMiddleware>();   // method, target and head are ones that any API may see
        app.UseMiddleware<ClientAddressMiddleware>();  // the one client address and scheme, from known proxies only
        app.UseMiddleware<ApiMatchingMiddleware>();    // host, raw path, method: one API, its endpoint carries its policies
        app.UseCorsHeaders();                          // whatever is answered from here on, a page may read it
        app.UseAdmission();                            // scheme, stage, size; nothing of the body has been read
        app.UseIpAccess();                             // the cheapest refusal, and it needs no credentials
        app.UseCorsPreflights();                       // a browser's preflight has no credentials, so it is answered before them
        app.UseAppAuthentication();                    // which app calls, and whether it may call this API
        app.UseThrottling();                           // last: only a request that would be served is counted
        app.UseRouting();                              // finds the endpoint set and leaves it alone

        app.MapReverseProxy(static proxy =>
        {
            proxy.UseBackendGuards();                        // a backend's concurrency, circuit and health see how each call ends
            proxy.UseBackendTelemetry();                     // a call that is made is measured, whatever becomes of it
            proxy.UseMiddleware<ForwarderErrorMiddleware>(); // transport failures become gateway errors
            proxy.Use(ApiTimeouts.ApplyAsync);               // an API's own timeout, a WebSocket's idle timeout
            proxy.UseMiddleware<WebSocketDrainMiddleware>(); // an open WebSocket can be told that the program stops
            proxy.UseLoadBalancing();
        });

        app.PublishInitialSnapshot();
        return app;
    }

    /// <summary>
    /// YARP registers authorization, so WebApplication would put the framework's authorization before everything else, at the cost of a state
    /// machine for each request. Our endpoints carry
    /// no metadata for it. The keys are WebApplicationBuilder's own; should they change, the two merely come back.
    /// </summary>
    private static void OptOutOfImpliedMiddleware(this IApplicationBuilder app)
    {
        app.Properties["__AuthenticationMiddlewareSet"] = true;
        app.Properties["__AuthorizationMiddlewareSet"] = true;
    }

    private static void PublishInitialSnapshot(this WebApplication app)
    {
        var endpoints = app.Services.GetRequiredService<ProxyEndpoints>();
        endpoints.Attach(((IEndpointRouteBuilder)app).DataSources);
        app.Services.GetRequiredService<ServingTable>().Publish(app.Services.GetRequiredService<GatewayConfigProvider>().Current, endpoints.All);
    }
}
