using Gateway.Backends.EventFunctions;
using Gateway.Backends.Http;
using Gateway.Backends.WebFunctions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Backends;

/// <summary>Adds the kinds of backend to YARP.</summary>
public static class ReverseProxyBuilderExtensions
{
    /// <summary>Registers transforms and clients of web and event functions. Needs an <see cref="IBackendSource"/>.</summary>
    public static IReverseProxyBuilder AddGatewayBackends(this IReverseProxyBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IForwarderHttpClientFactory, BackendHttpClientFactory>();
        return builder.AddTransforms<WebTransformProvider>().AddTransforms<EventTransformProvider>();
    }
}
