using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.LocalFunctions.Invocations;

/// <summary>Writes answers in the function service's own shapes.</summary>
internal static class ServiceResponse
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes what came of a call. The status stays 200 for a function's own error: only a header tells it from a result.</summary>
    public static Task WriteAsync(HttpContext context, InvocationResult result, string requestId)
    {
        switch (result.Outcome)
        {
            case InvocationOutcome.Busy:
                return WriteErrorAsync(context, StatusCodes.Status429TooManyRequests, result.Code!, result.Message!, requestId);
            case InvocationOutcome.NotStarted:
                return WriteErrorAsync(context, StatusCodes.Status412PreconditionFailed, result.Code!, result.Message!, requestId);
            case InvocationOutcome.BadResponse:
                return WriteErrorAsync(context, StatusCodes.Status502BadGateway, result.Code!, result.Message!, requestId);
            case InvocationOutcome.Answered:
                return WriteAsync(context, result.Body, "application/octet-stream");
            default:
                context.Response.Headers["X-Fc-Error-Type"] =
                    result.Outcome == InvocationOutcome.HandledError ? "HandledInvocationError" : "UnhandledInvocationError";
                return WriteAsync(context, result.Body, "application/json");
        }
    }

    /// <summary>Writes an error of the service itself, e.g. an unknown function.</summary>
    public static async Task WriteErrorAsync(HttpContext context, int status, string code, string message, string requestId)
    {
        context.Response.StatusCode = status;
        var body = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(body, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("Code", code);
            writer.WriteString("Message", message);
            writer.WriteString("RequestId", requestId);
            writer.WriteEndObject();
        }

        await WriteAsync(context, body.GetBuffer().AsMemory(0, (int)body.Length), "application/json");
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
