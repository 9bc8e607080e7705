using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Backends.Http;

/// <summary>Reads what YARP's forwarder reports: which refusal it is, and what the exception tells.</summary>
internal static class ForwarderFailure
{
    /// <summary>The refusal of a failure, and its detail. Details name the kind of failure only: the exception text may hold the backend's address.</summary>
    public static (GatewayError Error, string? Detail) Translate(ForwarderError error, Exception? exception) => error switch
    {
        ForwarderError.NoAvailableDestinations => (GatewayError.Busy, null),
        ForwarderError.RequestTimedOut or ForwarderError.RequestCanceled when IsConnectTimeout(exception) => (GatewayError.ConnectFailed, "Timeout connecting"),
        ForwarderError.RequestTimedOut => (GatewayError.BackendTimeout, null),
        ForwarderError.Request => TranslateRequest(exception),
        ForwarderError.RequestBodyClient when IsSilence(exception) => (GatewayError.RequestTimeout, null),
        ForwarderError.RequestBodyClient => (ClientBodyError(exception), "the client broke off or its framing is wrong"),
        ForwarderError.RequestBodyDestination => TranslateRequest(exception),
        ForwarderError.RequestCreation => (GatewayError.Internal, null),
        ForwarderError.ResponseBodyDestination when IsTimeout(exception) => (GatewayError.BackendTimeout, null),
        ForwarderError.ResponseHeaders => (GatewayError.BackendResponseFailed, "its headers cannot be passed on"),
        _ => (GatewayError.BackendResponseFailed, "the connection broke"),
    };

    /// <summary>No answer's head arrived.</summary>
    private static (GatewayError Error, string? Detail) TranslateRequest(Exception? exception)
        => Find<HttpRequestException>(exception)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => (GatewayError.ResolveFailed, null),
            HttpRequestError.ConnectionError => (GatewayError.ConnectFailed, "Connection refused or unreachable"),
            HttpRequestError.SecureConnectionError => (GatewayError.TlsFailed, "TLS handshake failed"),
            HttpRequestError.ResponseEnded => (GatewayError.BackendResponseFailed, "the connection was closed before an answer"),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => (GatewayError.BackendResponseFailed, "the answer is not valid HTTP"),
            HttpRequestError.ConfigurationLimitExceeded => (GatewayError.BackendResponseFailed, "the answer's headers are too large"),
            _ when exception is TimeoutException => (GatewayError.BackendTimeout, null), // Of a WebSocket's handshake, or of the last try.
            _ when IsConnectTimeout(exception) => (GatewayError.ConnectFailed, "Timeout connecting"),
            _ when exception is InvalidOperationException => (GatewayError.Internal, null), // A bug of ours, between YARP and the socket.
            _ => (GatewayError.BackendResponseFailed, "the connection broke"),
        };

    private static GatewayError ClientBodyError(Exception? exception)
        => Find<BadHttpRequestException>(exception) is { } bad ? GatewayError.FromServerStatus(bad.StatusCode) : GatewayError.InvalidBody;

    /// <summary>The activity timeout passed while the client's body was waited for.</summary>
    private static bool IsSilence(Exception? exception) => Find<OperationCanceledException>(exception) is not null && Find<BadHttpRequestException>(exception) is null;

    /// <summary>SocketsHttpHandler reports its ConnectTimeout as a cancellation around a TimeoutException.</summary>
    public static bool IsConnectTimeout(Exception? exception) => exception is OperationCanceledException && Find<TimeoutException>(exception) is not null;

    /// <summary>Whether the backend was silent for too long, connecting included.</summary>
    public static bool IsTimeout(Exception? exception) => Find<OperationCanceledException>(exception) is not null || Find<TimeoutException>(exception) is not null;

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }

            if (exception is AggregateException many)
            {
                foreach (var inner in many.InnerExceptions)
                {
                    if (Find<T>(inner) is { } nested)
                    {
                        return nested;
                    }
                }
            }
        }

        return null;
    }
}
