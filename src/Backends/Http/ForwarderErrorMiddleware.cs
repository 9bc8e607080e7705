using System.Text;
using Gateway.Backends.EventFunctions;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Backends.Http;

/// <summary>Turns what YARP's forwarder reports into the catalogue. Runs inside the proxy pipeline.</summary>
public sealed class ForwarderErrorMiddleware(RequestDelegate next, ILogger<ForwarderErrorMiddleware> logger)
{
    /// <summary>Forwards, then looks how it went.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.Features.Get<IForwarderErrorFeature>() is not { } failure || context.Gateway().Failure is not null)
        {
            return;
        }

        var isDeadlinePassed = context.Features.Get<EventCall>() is { TimedOut: true };
        if (isDeadlinePassed || !context.RequestAborted.IsCancellationRequested)
        {
            var (error, detail) = isDeadlinePassed ? (GatewayError.FunctionTimeout, null) : Translate(failure.Error, failure.Exception);
            logger.ForwardingFailed(
                error == GatewayError.Internal ? failure.Exception : null,
                context.GetEndpoint()?.DisplayName,
                context.Gateway().RequestId,
                failure.Error,
                error.Code,
                Cause(failure.Exception));
            context.Fail(error, error == GatewayError.ResolveFailed ? BackendName(context) : detail);
        }
    }

    /// <summary>The name in the configuration, not in DNS: a cluster's id is that and a fingerprint.</summary>
    private static string BackendName(HttpContext context)
    {
        var cluster = context.GetReverseProxyFeature().Cluster.Config.ClusterId;
        return cluster[..cluster.LastIndexOf('@')];
    }

    /// <summary>Types and messages of an exception and those within it. No stacks: peers cause these at will. No raw text: messages quote the backend's bytes.</summary>
    private static string Cause(Exception? exception)
    {
        var text = new StringBuilder();
        for (; exception is not null; exception = exception.InnerException)
        {
            text.Append(text.Length == 0 ? "" : " < ").Append(exception.GetType().Name).Append(": ").Append(VisibleText.Of(Encoding.UTF8.GetBytes(exception.Message)));
        }

        return text.ToString();
    }

    private static (GatewayError Error, string? Detail) Translate(ForwarderError error, Exception? exception) => error switch
    {
        ForwarderError.NoAvailableDestinations => (GatewayError.Busy, null),
        ForwarderError.RequestTimedOut or ForwarderError.RequestCanceled when IsConnectTimeout(exception) => (GatewayError.ConnectFailed, "Timeout connecting"),
        ForwarderError.RequestTimedOut => (GatewayError.BackendTimeout, null),
        ForwarderError.Request => TranslateRequest(exception),
        ForwarderError.RequestBodyClient when IsSilence(exception) => (GatewayError.RequestTimeout, null),
        ForwarderError.RequestBodyClient => (ClientBodyError(exception), "the client broke off or its framing is wrong"),
        ForwarderError.RequestBodyDestination => TranslateRequest(exception),
        ForwarderError.RequestCreation => (GatewayError.Internal, null),
        ForwarderError.ResponseHeaders => (GatewayError.BackendResponseFailed, "its headers cannot be passed on"),
        _ => (GatewayError.BackendResponseFailed, "the connection broke"),
    };

    /// <summary>No answer's head arrived. Details name the kind of failure only: the exception text may hold the backend's address.</summary>
    private static (GatewayError Error, string? Detail) TranslateRequest(Exception? exception)
        => Find<HttpRequestException>(exception)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => (GatewayError.ResolveFailed, null),
            HttpRequestError.ConnectionError => (GatewayError.ConnectFailed, "Connection refused or unreachable"),
            HttpRequestError.SecureConnectionError => (GatewayError.TlsFailed, "TLS handshake failed"),
            HttpRequestError.ResponseEnded => (GatewayError.BackendResponseFailed, "the connection was closed before an answer"),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => (GatewayError.BackendResponseFailed, "the answer is not valid HTTP"),
            HttpRequestError.ConfigurationLimitExceeded => (GatewayError.BackendResponseFailed, "the answer's headers are too large"),
            _ when exception is TimeoutException => (GatewayError.BackendTimeout, null), // A WebSocket's handshake.
            _ when IsConnectTimeout(exception) => (GatewayError.ConnectFailed, "Timeout connecting"),
            _ when exception is InvalidOperationException => (GatewayError.Internal, null), // A bug of ours, between YARP and the socket.
            _ => (GatewayError.BackendResponseFailed, "the connection broke"),
        };

    private static GatewayError ClientBodyError(Exception? exception)
        => Find<BadHttpRequestException>(exception) is { } bad ? GatewayError.FromServerStatus(bad.StatusCode) : GatewayError.InvalidBody;

    /// <summary>The activity timeout passed while the client's body was waited for.</summary>
    private static bool IsSilence(Exception? exception) => Find<OperationCanceledException>(exception) is not null && Find<BadHttpRequestException>(exception) is null;

    /// <summary>SocketsHttpHandler reports its ConnectTimeout as a cancellation around a TimeoutException.</summary>
    private static bool IsConnectTimeout(Exception? exception) => exception is OperationCanceledException && Find<TimeoutException>(exception) is not null;

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
