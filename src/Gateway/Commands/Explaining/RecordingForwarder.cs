using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Commands.Explaining;

/// <summary>What a backend would have been sent.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, byte for byte.</param>
internal sealed record ForwardedCall(string Method, string Target);

/// <summary>Stands in for YARP's forwarder: makes the request as it would, and sends nothing.</summary>
internal sealed class RecordingForwarder : IHttpForwarder
{
    /// <inheritdoc/>
    public async ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), (Uri?)null);
        await transformer.TransformRequestAsync(context, request, destinationPrefix, context.RequestAborted);
        if (request.RequestUri is { } uri && context.Response.StatusCode == StatusCodes.Status200OK)
        {
            context.Features.Set(new ForwardedCall(request.Method.Method, uri.PathAndQuery));
        }

        return ForwarderError.None;
    }
}
