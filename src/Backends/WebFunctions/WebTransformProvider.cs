using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Backends.WebFunctions;

/// <summary>Attaches the web function's transforms to the routes that have one, once a configuration.</summary>
internal sealed class WebTransformProvider(IBackendSource backends, TimeProvider time) : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        var api = backends.FindRoute(context.Route.RouteId);
        if (api.Options is not WebFunctionOptions options)
        {
            return;
        }

        context.CopyRequestHeaders = false; // One pass, by our own rule.
        context.CopyResponseHeaders = false;
        context.CopyResponseTrailers = false;
        context.UseDefaultForwarders = false;
        context.RequestTransforms.Add(new WebRequestTransform(api, time));
        context.AddOriginalHost(options.PreserveHost);
        context.ResponseTransforms.Add(new WebResponseTransform());
        context.ResponseTrailersTransforms.Add(new WebTrailersTransform());
    }
}
