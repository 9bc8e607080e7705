using Gateway.Backends.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Backends.WebFunctions;

/// <summary>Passes the trailers of a web function by the rule of its headers: behind the body too, only the gateway speaks for the gateway.</summary>
/// <remarks>Runs only where the client's connection takes trailers. Framing fields never come here: the HTTP client drops them (RFC 9110 §6.5.1).</remarks>
internal sealed class WebTrailersTransform : ResponseTrailersTransform
{
    public override ValueTask ApplyAsync(ResponseTrailersTransformContext context)
    {
        var trailers = context.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        foreach (var (name, values) in context.ProxyResponse.TrailingHeaders.NonValidated)
        {
            if (ResponseHeaderRules.Passes(name, connection: ""))
            {
                trailers[name] = new StringValues([.. values]);
            }
        }

        return default;
    }
}
