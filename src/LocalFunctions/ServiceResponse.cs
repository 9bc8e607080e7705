using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.LocalFunctions;

/// <summary>Writes answers in the function service's own shapes.</summary>
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

    /// <summary>Writes what an exception of the function looks like from outside: message, type and a line for each frame.</summary>
    public static ValueTask WriteFunctionErrorAsync(HttpContext context, Exception exception)
    {
        MarkAsFunctionError(context);
        return WriteAsync(context, writer =>
        {
            writer.WriteString("errorMessage", exception.Message);
            writer.WriteString("errorType", exception.GetType().FullName);
            writer.WriteStartArray("stackTrace");
            foreach (var line in exception.StackTrace.AsSpan().EnumerateLines())
            {
                writer.WriteStringValue(line.Trim());
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>Writes that the function did not answer in time.</summary>
    public static ValueTask WriteTimeoutAsync(HttpContext context, TimeSpan timeout)
    {
        MarkAsFunctionError(context);
        var message = string.Create(CultureInfo.InvariantCulture, $"Function timed out after {timeout.TotalSeconds} seconds");
        return WriteAsync(context, writer => writer.WriteString("errorMessage", message));
    }

    /// <summary>Writes the function's result as it is.</summary>
    public static ValueTask WriteResultAsync(HttpContext context, ReadOnlyMemory<byte> result)
    {
        context.Response.ContentType = "application/octet-stream";
        return WriteAsync(context, result);
    }

    /// <summary>The status stays 200: only this header tells a function's error from its result.</summary>
    private static void MarkAsFunctionError(HttpContext context)
        => context.Response.Headers["X-Fc-Error-Type"] = "UnhandledInvocationError";

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
        await WriteAsync(context, body.GetBuffer().AsMemory(0, (int)body.Length));
    }

    private static ValueTask WriteAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
