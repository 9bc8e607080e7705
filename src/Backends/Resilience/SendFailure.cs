using Gateway.Backends.Http;

namespace Gateway.Backends.Resilience;

/// <summary>Tells what a failed send says: whether anything was sent, and whether the address is to blame.</summary>
internal static class SendFailure
{
    /// <summary>Whether there was no connection, so that the backend cannot have seen the request.</summary>
    public static bool IsNeverSent(Exception? exception)
        => exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        } || ForwarderFailure.IsConnectTimeout(exception);

    /// <summary>Whether the connection broke before there was an answer: the backend may have seen the request.</summary>
    /// <remarks>
    /// A pooled connection that the backend had closed already is among these where a body was begun or the method may not repeat; others the
    /// socket handler has sent again by itself. An answer that is not HTTP is none: the next would be no better.
    /// </remarks>
    public static bool IsBroken(Exception? exception)
        => exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError or HttpRequestError.Unknown,
        };

    /// <summary>Whether one try had no answer in its time.</summary>
    public static bool IsTimeout(Exception? exception) => exception is TimeoutException;
}
