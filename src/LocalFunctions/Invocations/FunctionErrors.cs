using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.LocalFunctions.Invocations;

/// <summary>Error objects that the function service itself writes for a function that failed.</summary>
internal static class FunctionErrors
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An error that is only a message.</summary>
    public static byte[] Write(string errorMessage)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("errorMessage", errorMessage);
            writer.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }

    /// <summary>An exception of a function in this process: message, type and a line for each frame.</summary>
    public static byte[] Write(Exception exception)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("errorMessage", exception.Message);
            writer.WriteString("errorType", exception.GetType().FullName);
            writer.WriteStartArray("stackTrace");
            foreach (var line in exception.StackTrace.AsSpan().EnumerateLines())
            {
                writer.WriteStringValue(line.Trim());
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }

    /// <summary>The function did not answer in time.</summary>
    public static string TimedOut(TimeSpan timeout)
        => string.Create(CultureInfo.InvariantCulture, $"Function timed out after {timeout.TotalSeconds} seconds");

    /// <summary>The function's process ended during the call.</summary>
    public static string Exited(TimeSpan duration, long? peakMemory)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"Process exited unexpectedly before completing request (duration: {duration.TotalMilliseconds:F0}ms, maxMemoryUsage: {(peakMemory ?? 0) >> 20}MB)");

    /// <summary>How the last line of a call's log ends.</summary>
    public static string LogEnd(InvocationOutcome outcome) => outcome switch
    {
        InvocationOutcome.Answered => "",
        InvocationOutcome.HandledError => ", Error: Handled function error",
        _ => ", Error: Unhandled function error",
    };
}
