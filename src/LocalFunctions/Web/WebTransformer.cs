using Gateway.LocalFunctions.Custom;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.LocalFunctions.Web;

/// <summary>Sends a request on to a web function's process as it came, target byte for byte, with the function service's own headers.</summary>
/// <param name="headers">These headers; the request's id is the context's trace identifier.</param>
internal sealed class WebTransformer(CommonHeaders headers) : HttpTransformer
{
    private const string ControlPath = "/http-invoke";
    private static readonly UriCreationOptions Exact = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var target = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        proxyRequest.RequestUri = new Uri(string.Concat(destinationPrefix, target), Exact);
        foreach (var (name, _) in httpContext.Request.Headers)
        {
            if (name.StartsWith(CommonHeaders.Prefix, StringComparison.OrdinalIgnoreCase))
            {
                proxyRequest.Headers.Remove(name); // Only the service may say these.
            }
        }

        // The forwarder drops it as if it asked for another protocol.
        if (httpContext.Request.Headers.UpgradeInsecureRequests is { Count: > 0 } insecure)
        {
            proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.UpgradeInsecureRequests, insecure.ToString());
        }

        headers.AddTo(proxyRequest.Headers, httpContext.TraceIdentifier, ControlPath);
    }
}
