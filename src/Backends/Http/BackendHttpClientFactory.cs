using System.Text;
using Gateway.Backends.EventFunctions;
using Gateway.Backends.Health;
using Gateway.Backends.ProxySignatures;
using Gateway.Backends.Resilience;
using Gateway.Backends.Signing;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Backends.Http;

/// <summary>Makes the client of each backend: its settings, and the handlers between YARP and the socket.</summary>
internal sealed class BackendHttpClientFactory(
    IBackendSource backends, AddressHealth health, TimeProvider time, BackendMetrics metrics, ILoggerFactory loggers)
    : ForwarderHttpClientFactory(loggers.CreateLogger<ForwarderHttpClientFactory>())
{
    /// <summary>Of our own category: YARP's is quiet by default, and tries are worth reading about.</summary>
    private readonly ILogger _logger = loggers.CreateLogger<BackendHttpClientFactory>();

    /// <summary>A cluster's id holds the fingerprint of its backend, so a client that has the same id is still right.</summary>
    protected override bool CanReuseOldClient(ForwarderHttpClientContext context) => context.OldClient is not null;

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        var backend = backends.FindCluster(context.ClusterId);
        handler.ConnectTimeout = backend.ConnectTimeout;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2); // A changed DNS entry is followed within this time.
        handler.MaxResponseHeadersLength = 64; // KB
        handler.ActivityHeadersPropagator = null; // The transforms write traceparent, into events too; the client's own spans would double ours.
        handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
        handler.ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
        if (backend.AllowInvalidCertificate)
        {
#pragma warning disable CA5359 // The operator's explicit choice; the program warns of it at start.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
            _logger.InvalidCertificatesAllowed(context.ClusterId);
        }
    }

    /// <summary>Outside in: what YARP sent becomes the event, tries, the time of each, and the signatures, which cover all of it. An event has a body, so it is sent once anyway.</summary>
    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler)
        => backends.FindCluster(context.ClusterId) switch
        {
            WebFunctionOptions web => AddAttempts(web, new AnswerTimeoutHandler(time) { InnerHandler = AddSignatures(web, new SingleSendHandler { InnerHandler = handler }) }),
            var function => new EventContentHandler { InnerHandler = AddAttempts(function, AddAttemptTimeout(function, AddSignature(function, handler))) },
        };

    private HttpMessageHandler AddAttempts(FunctionOptions options, HttpMessageHandler inner)
        => AttemptRules.AreNeeded(options) ? new AttemptsHandler(options, health, time, metrics, _logger) { InnerHandler = inner } : inner;

    private HttpMessageHandler AddAttemptTimeout(FunctionOptions options, HttpMessageHandler inner)
        => options.Retry?.AttemptTimeout is not null ? new AnswerTimeoutHandler(time) { InnerHandler = inner } : inner;

    private HttpMessageHandler AddSignature(FunctionOptions options, HttpMessageHandler inner)
        => options.Credentials is { } key ? new InvokeSigningHandler(key, time) { InnerHandler = inner } : inner;

    private HttpMessageHandler AddSignatures(WebFunctionOptions options, HttpMessageHandler inner)
    {
        var signed = options.Credentials is { } key ? new TriggerSigningHandler(key, time) { InnerHandler = inner } : inner;
        return options.ProxySignature is { } signature ? new ProxySignatureHandler(signature) { InnerHandler = signed } : signed;
    }
}
