using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Backends.WebFunctions;

/// <summary>Passes a web function's trailers by the rule of its headers: what it may not forge above the body it may not forge below.</summary>
internal sealed class WebTrailersTransform : ResponseTrailersTransform
{
    /// <inheritdoc/>
    public override ValueTask ApplyAsync(ResponseTrailersTransformContext context)
    {
        // Called only where the client's protocol has trailers.
        var trailers = context.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        WebResponseTransform.Copy(context.ProxyResponse.TrailingHeaders, trailers, connection: default);
        return default;
    }
}
