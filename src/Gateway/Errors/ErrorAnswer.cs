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
        var response = context.Response;
        response.Clear(); // Takes the request id with it.
        response.StatusCode = StatusOf(error, options);
        var body = Prepare(response.Headers, error, options, gateway.FailureDetail, gateway.RequestId);
        if (gateway.RetryAfter is { } retryAfter)
        {
            response.Headers.RetryAfter = retryAfter;
        }

        return body.IsEmpty || context.Request.Method == HttpMethods.Head // Not IsHead: to the server a refused "Head" is none, and its answer has a body.
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>The operator's status for the error, else the catalogue's.</summary>
    public static int StatusOf(GatewayError error, ErrorsOptions options)
        => options.Status.TryGetValue(error.Code, out var overridden) ? overridden : error.Status;

    /// <summary>Sets the headers of an error's answer and makes its body, which is empty when the operator wants none.</summary>
    public static ReadOnlyMemory<byte> Prepare(IHeaderDictionary headers, GatewayError error, ErrorsOptions options, string? detail, string requestId)
    {
        var status = StatusOf(error, options);
        var message = error.Describe(detail);
        headers[RequestStartMiddleware.RequestIdHeader] = requestId;
        headers[CodeHeader] = error.Code;
        headers[MessageHeader] = message;
        if (status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "APPCODE"; // RFC 9110 §15.5.2 wants a challenge beside an operator's 401.
        }

        if (options.Body == ErrorBody.Empty)
        {
            headers.ContentLength = 0;
            return default;
        }

        var body = WriteBody(error, status, message, requestId);
        headers.ContentType = ContentType;
        headers.ContentLength = body.Length;
        return body;
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
