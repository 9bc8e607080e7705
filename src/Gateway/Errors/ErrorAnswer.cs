using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Configuration;
using Gateway.Contracts;
using Gateway.Requests;

namespace Gateway.Errors;

/// <summary>The wire shape of the gateway's own errors.</summary>
internal static class ErrorAnswer
{
    /// <summary>Content type of the problem body (RFC 9457).</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Header with the code; its absence tells that a status is the backend's.</summary>
    public const string CodeHeader = "X-Ca-Error-Code";

    /// <summary>Header with the message; UTF-8.</summary>
    public const string MessageHeader = "X-Ca-Error-Message";

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Replaces whatever has been prepared by the error's status, headers and body.</summary>
    public static Task WriteAsync(HttpContext context, GatewayFeature gateway, GatewayError error, ErrorsOptions options)
    {
        var status = options.Status.TryGetValue(error.Code, out var overridden) ? overridden : error.Status;
        var message = error.Describe(gateway.FailureDetail);
        var response = context.Response;
        response.Clear(); // Takes the request id with it.
        response.StatusCode = status;
        response.Headers[RequestStartMiddleware.RequestIdHeader] = gateway.RequestId;
        response.Headers[CodeHeader] = error.Code;
        response.Headers[MessageHeader] = message;
        if (gateway.RetryAfter is { } retryAfter)
        {
            response.Headers.RetryAfter = retryAfter;
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "APPCODE"; // RFC 9110 §15.5.2 wants a challenge beside an operator's 401.
        }

        if (options.Body == ErrorBody.Empty)
        {
            response.ContentLength = 0;
            return Task.CompletedTask;
        }

        var body = WriteBody(error, status, message, gateway.RequestId);
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>The problem body.</summary>
    public static ReadOnlyMemory<byte> WriteBody(GatewayError error, int status, string message, string requestId)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Json);
        json.WriteStartObject();
        json.WriteNumber("status", status);
        json.WriteString("title", error.Title);
        json.WriteString("code", error.Code);
        json.WriteString("message", message);
        json.WriteString("requestId", requestId);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
