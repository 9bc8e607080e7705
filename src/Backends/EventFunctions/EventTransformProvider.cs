using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Backends.EventFunctions;

/// <summary>Attaches the pair of event transforms to the routes whose backend is an event function, when YARP builds them.</summary>
/// <param name="backends">What was compiled for each route.</param>
/// <param name="time">The clock of deadlines and system parameters.</param>
/// <param name="metrics">Counts refused results.</param>
/// <param name="loggers">Makes the log of refused results.</param>
internal sealed class EventTransformProvider(IBackendSource backends, TimeProvider time, BackendMetrics metrics, ILoggerFactory loggers) : ITransformProvider
{
    private readonly ILogger _logger = loggers.CreateLogger("Gateway.Backends.EventFunctions");

    /// <inheritdoc/>
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    /// <inheritdoc/>
    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    /// <inheritdoc/>
    public void Apply(TransformBuilderContext context)
    {
        var api = backends.FindRoute(context.Route.RouteId);
        if (api.Options is not EventFunctionOptions)
        {
            return;
        }

        var function = new EventFunction(api, time);
        context.CopyRequestHeaders = false;
        context.CopyResponseHeaders = false;
        context.CopyResponseTrailers = false;
        context.UseDefaultForwarders = false;
        context.RequestTransforms.Add(new EventRequestTransform(function, context.Cluster?.HttpRequest, time));
        context.ResponseTransforms.Add(new EventResponseTransform(function, metrics, _logger));
    }
}
