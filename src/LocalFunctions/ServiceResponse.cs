using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.LocalFunctions;

/// <summary>JSON bodies in the function service's own shapes.</summary>
internal static class ServiceResponse
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an error of the service itself, e.g. an unknown function.</summary>
    public static ValueTask WriteServiceErrorAsync(HttpContext context, int status, string code, string message, string requestId)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, writer =>
        {
            writer.WriteString("Code", code);
            writer.WriteString("Message", message);
            writer.WriteString("RequestId", requestId);
        });
    }

    /// <summary>Writes an error of the function: status 200, told apart only by <c>X-Fc-Error-Type</c>, as in the cloud.</summary>
    /// <param name="context">The call.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="type">Full name of the exception's type; null when the platform ended the call.</param>
    /// <param name="stackTrace">One line per frame; null with <paramref name="type"/>.</param>
    public static ValueTask WriteFunctionErrorAsync(HttpContext context, string message, string? type, string? stackTrace)
    {
        context.Response.Headers["X-Fc-Error-Type"] = "UnhandledInvocationError";
        return WriteAsync(context, writer =>
        {
            writer.WriteString("errorMessage", message);
            if (type is null)
            {
                return;
            }

            writer.WriteString("errorType", type);
            writer.WriteStartArray("stackTrace");
            foreach (var line in stackTrace.AsSpan().EnumerateLines())
            {
                writer.WriteStringValue(line.Trim());
            }

            writer.WriteEndArray();
        });
    }

    private static async ValueTask WriteAsync(HttpContext context, Action<Utf8JsonWriter> writeMembers)
    {
        var body = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(body, Options))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }
}
