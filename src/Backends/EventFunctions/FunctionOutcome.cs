using System.Globalization;
using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Backends.EventFunctions;

/// <summary>What the function service, or a custom runtime, says about a call before its result is looked at.</summary>
/// <remarks>
/// A function that failed is reported with status 200 and <c>X-Fc-Error-Type</c>; other statuses are the service's own outcomes. So the
/// error must be looked for first, or the function's error object would be read as a result.
/// </remarks>
internal static class FunctionOutcome
{
    private const int LongestCode = 64;
    private const string ErrorTypeHeader = "X-Fc-Error-Type";
    private const string RuntimeStatusHeader = "X-Fc-Status";
    private const string CallIdHeader = "X-Fc-Request-Id";

    /// <summary>The failure that status and headers tell of.</summary>
    /// <param name="reply">The answer's head.</param>
    /// <param name="protocol">Who answers.</param>
    /// <param name="error">The refusal that the client meets.</param>
    /// <param name="reason">Its detail.</param>
    /// <returns>False when the body is the function's result.</returns>
    public static bool IsFailure(HttpResponseMessage reply, InvokeProtocol protocol, out GatewayError error, out string reason)
    {
        var status = (int)reply.StatusCode;
        error = GatewayError.FunctionResultInvalid;
        reason = "";
        if (status is 429 or 503)
        {
            error = GatewayError.Busy;
            reason = Number("status", status);
        }
        else if (reply.Headers.NonValidated.TryGetValues(ErrorTypeHeader, out var type))
        {
            reason = $"the function failed ({Name(type.ToString()) ?? "unnamed error"})";
        }
        else if (protocol == InvokeProtocol.CustomRuntime)
        {
            reason = !reply.IsSuccessStatusCode ? Number("the function failed with status", status)
                : reply.Headers.NonValidated.TryGetValues(RuntimeStatusHeader, out var runtime) && runtime.ToString() == "404"
                    ? "the function failed (x-fc-status 404)" : "";
        }
        else if (!reply.IsSuccessStatusCode)
        {
            reason = Number("the function service answered", status);
        }

        return reason.Length > 0;
    }

    /// <summary>The service's name of an error, e.g. <c>FunctionNotFound</c>, from its error object; null when there is none.</summary>
    /// <param name="body">The answer's body, or its beginning.</param>
    public static string? ErrorCode(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, isFinalBlock: false, default);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                // Spelled Code, code, ErrorCode or errorCode, depending on the version of the API.
                var isCode = IsCode(reader.ValueSpan);
                if (!reader.Read())
                {
                    return null;
                }

                if (isCode && reader.TokenType == JsonTokenType.String)
                {
                    return Name(reader.GetString()!);
                }

                if (!reader.TrySkip())
                {
                    return null;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not the service's error object: then there is no name, and the log has the bytes.
        }

        return null;
    }

    /// <summary>The function service's id of the call, by which the function's own log lines are found; <c>none</c> without one that may be shown.</summary>
    public static string CallId(HttpResponseMessage reply)
        => reply.Headers.NonValidated.TryGetValues(CallIdHeader, out var id) && Name(id.ToString()) is { } shown ? shown : "none";

    private static bool IsCode(ReadOnlySpan<byte> name)
        => System.Text.Ascii.EqualsIgnoreCase(name, "code"u8) || System.Text.Ascii.EqualsIgnoreCase(name, "errorCode"u8);

    private static string Number(string text, int status) => string.Create(CultureInfo.InvariantCulture, $"{text} {status}");

    /// <summary>A name that may be shown: a short identifier, and nothing that could be the function's own text.</summary>
    private static string? Name(string text)
    {
        if (text.Length is 0 or > LongestCode)
        {
            return null;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return null;
            }
        }

        return text;
    }
}
