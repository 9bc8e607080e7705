using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Backends.Http;

/// <summary>Every log message of the way to backends, ids 3000 to 3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Warning, "API {ApiId}, request {RequestId}: forwarding failed ({Failure}), answered {Code}: {Cause}", EventName = "ForwardingFailed")]
    public static partial void ForwardingFailed(
        this ILogger logger, Exception? exception, string? apiId, string requestId, ForwarderError failure, string code, string cause);

    [LoggerMessage(3001, LogLevel.Warning, "Backend {Backend} accepts any certificate: nothing tells it from an impostor.", EventName = "InvalidCertificatesAllowed")]
    public static partial void InvalidCertificatesAllowed(this ILogger logger, string backend);
}
