using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends.Http;

/// <summary>Answers a request whose body could not be read before it is sent on.</summary>
internal static class RequestBodyFailure
{
    /// <summary>Whether reading a body may end so, for reasons that lie with the client.</summary>
    public static bool IsOne(Exception exception) => exception is IOException or OperationCanceledException; // The server's own refusals are IOExceptions.

    /// <summary>Refuses the request, or marks it as left by its client.</summary>
    public static void Answer(HttpContext http, Exception exception)
    {
        if (exception is BadHttpRequestException refusal)
        {
            http.Fail(GatewayError.FromServerStatus(refusal.StatusCode), "broken framing");
        }
        else if (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads an answer once the connection is gone; the status only stops the forwarder, and is what an access log shows.
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        else if (exception is OperationCanceledException)
        {
            http.Fail(GatewayError.RequestTimeout);
        }
        else
        {
            http.Fail(GatewayError.InvalidBody, "it broke off");
        }
    }
}
