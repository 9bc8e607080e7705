using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.LocalFunctions.Invocations;

namespace Gateway.LocalFunctions.Custom;

/// <summary>Reads what a custom runtime answers to an event.</summary>
internal static class CustomAnswer
{
    /// <summary>Largest result, the service's own limit for calls that wait.</summary>
    private const int LargestResult = 32 << 20;

    private const string StatusHeader = "x-fc-status";

    /// <summary>Reads an answer to its end. A status that is no success, of HTTP or in <c>x-fc-status</c>, makes it the function's error.</summary>
    public static async Task<InvocationResult> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength is { } length and > LargestResult)
        {
            return TooLarge(length.ToString(CultureInfo.InvariantCulture));
        }

        var body = new MemoryStream((int)(response.Content.Headers.ContentLength ?? 0));
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[16 << 10];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > LargestResult)
            {
                return TooLarge("more than " + body.Length.ToString(CultureInfo.InvariantCulture));
            }
        }

        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        return IsSuccess(response)
            ? new InvocationResult { Outcome = InvocationOutcome.Answered, Body = bytes }
            : new InvocationResult { Outcome = InvocationOutcome.UnhandledError, Body = IsJson(bytes.Span) ? bytes : FunctionErrors.Write(Describe(response, bytes.Span)) };
    }

    private static bool IsSuccess(HttpResponseMessage response)
        => response.IsSuccessStatusCode
            && (!response.Headers.NonValidated.TryGetValues(StatusHeader, out var status) || status.ToString() is ['2', _, _]);

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
            }

            return reader.BytesConsumed > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Describe(HttpResponseMessage response, ReadOnlySpan<byte> body)
        => body.IsEmpty ? $"the function's server answered with status {(int)response.StatusCode}" : Encoding.UTF8.GetString(body);

    private static InvocationResult TooLarge(string length)
        => InvocationResult.Unhandled(string.Create(CultureInfo.InvariantCulture, $"the result is {length} bytes long; {LargestResult} is the most"));
}
