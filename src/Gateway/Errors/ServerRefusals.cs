using System.Diagnostics;
using System.IO.Pipelines;
using Gateway.Configuration;
using Gateway.Contracts;
using Gateway.Requests;
using Gateway.Routing;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Errors;

/// <summary>Gives Kestrel's own refusals, made before any middleware runs, the same headers and body as ours (HTTP/1.1).</summary>
/// <remarks>
/// Kestrel would answer a broken request line, an oversize or slow head with a bare status and close. It announces each by a diagnostic event
/// first. An answer that has been started then leaves its own unsent; tests notice when this changes.
/// </remarks>
/// <param name="serving">How errors look.</param>
/// <param name="listener">The one of this host, so that other servers in the process are not answered for.</param>
internal sealed class ServerRefusals(ServingTable serving, DiagnosticListener listener) : IHostedService, IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequestEvent = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";
    private IDisposable? _subscription;

    /// <summary>Listens to this host's own server: another one in the process has its own listener of the same name.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = listener.Subscribe(this, static name => name == BadRequestEvent);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // A request that reached the pipeline is answered there, also when its body turns out to be broken.
        if (value.Key == BadRequestEvent
            && value.Value is IFeatureCollection features
            && features.Get<GatewayFeature>() is null
            && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException exception
            && features.Get<IHttpResponseFeature>() is { HasStarted: false } response
            && features.Get<IConnectionTransportFeature>()?.Transport.Output is { } output)
        {
            Answer(features, response, output, exception, serving.Current.Snapshot.Errors);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    /// <summary>The head goes through the server, which refuses control characters in it; a body cannot, before a request has been read.</summary>
    private static void Answer(
        IFeatureCollection features, IHttpResponseFeature response, PipeWriter output, BadHttpRequestException exception, ErrorsOptions options)
    {
        var error = Translate(exception);
        response.StatusCode = ErrorAnswer.StatusOf(error, options);
        response.Headers.Allow = default;
        response.Headers.Connection = "close";
        var body = ErrorAnswer.Prepare(response.Headers, error, options, Detail(exception), RequestStartMiddleware.NewRequestId());

        // Both complete at once: nobody has registered for the start, and the pipe to the transport is still empty.
        _ = features.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync();
        _ = output.WriteAsync(body).AsTask();
    }

    private static GatewayError Translate(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => GatewayError.RequestTimeout,
        StatusCodes.Status414UriTooLong => GatewayError.UrlTooLarge,
        StatusCodes.Status431RequestHeaderFieldsTooLarge => GatewayError.HeadersTooLarge,
        _ when IsAboutHeader(exception.Message) => GatewayError.InvalidHeader,
        _ => GatewayError.InvalidUri,
    };

    /// <summary>The server's words, which may end in a value that is empty. Its 405 means a target that only CONNECT or OPTIONS may have.</summary>
    private static string Detail(BadHttpRequestException exception)
        => exception.StatusCode == StatusCodes.Status405MethodNotAllowed ? "the target must be a path" : exception.Message.TrimEnd();

    /// <summary>The server tells its reasons apart by their words only.</summary>
    private static bool IsAboutHeader(string message)
        => message.Contains("header", StringComparison.OrdinalIgnoreCase)
            || message.Contains("content length", StringComparison.OrdinalIgnoreCase)
            || message.Contains("transfer coding", StringComparison.OrdinalIgnoreCase);
}
