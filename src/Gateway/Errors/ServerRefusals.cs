using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Gateway.Configuration;
using Gateway.Contracts;
using Gateway.Requests;
using Gateway.Routing;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Errors;

/// <summary>Gives Kestrel's own refusals, made before any middleware runs, the same headers and body as ours (HTTP/1.1).</summary>
/// <remarks>
/// Kestrel would answer a broken request line, an oversize or slow head with a bare status and close. It announces each by a diagnostic event
/// first. Writing the whole answer to the connection's transport and completing that leaves its own answer unsent; tests notice when this changes.
/// </remarks>
internal sealed class ServerRefusals(ServingTable serving, DiagnosticListener diagnostics) : IHostedService, IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequestEvent = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";
    private IDisposable? _subscription;

    /// <summary>Listens to this host's own server: another one in the process has its own listener of the same name.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = diagnostics.Subscribe(this, static name => name == BadRequestEvent);
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
            && features.Get<IConnectionTransportFeature>()?.Transport.Output is { } output)
        {
            Answer(output, exception, serving.Current.Snapshot.Errors);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static void Answer(PipeWriter output, BadHttpRequestException exception, ErrorsOptions options)
    {
        var error = Translate(exception);
        var status = options.Status.TryGetValue(error.Code, out var overridden) ? overridden : error.Status;
        var requestId = RequestStartMiddleware.NewRequestId();
        var message = error.Describe(exception.Message.TrimEnd());
        var body = options.Body == ErrorBody.Empty ? default : ErrorAnswer.WriteBody(error, status, message, requestId);
        var contentType = body.IsEmpty ? "" : $"Content-Type: {ErrorAnswer.ContentType}\r\n";

        // The line ends stand in the text, and the message cannot add one: its control characters are gone.
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{contentType}"
            + $"{RequestStartMiddleware.RequestIdHeader}: {requestId}\r\n{ErrorAnswer.CodeHeader}: {error.Code}\r\n"
            + $"{ErrorAnswer.MessageHeader}: {message}\r\n\r\n");
        Encoding.UTF8.GetBytes(head, output);
        output.Write(body.Span);
        output.Complete(); // Sends what has been written; Kestrel's own answer finds the pipe closed.
    }

    private static GatewayError Translate(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => GatewayError.RequestTimeout,
        StatusCodes.Status414UriTooLong => GatewayError.UrlTooLarge,
        StatusCodes.Status431RequestHeaderFieldsTooLarge => GatewayError.HeadersTooLarge,
        StatusCodes.Status405MethodNotAllowed => GatewayError.UnsupportedMethod,
        _ when exception.Message.Contains("header", StringComparison.OrdinalIgnoreCase)
            || exception.Message.Contains("content length", StringComparison.OrdinalIgnoreCase) => GatewayError.InvalidHeader,
        _ => GatewayError.InvalidUri,
    };
}
