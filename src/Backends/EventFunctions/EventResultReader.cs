using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends.EventFunctions;

/// <summary>Reads a function's result in place: tolerant of what the official samples return, exact about everything else.</summary>
/// <remarks>docs/events.md has a row for each case. Nothing is copied but header names and values.</remarks>
internal static class EventResultReader
{
    /// <summary>Longest <c>statusCode</c> that is looked at, in bytes.</summary>
    private const int LongestStatus = 64;

    /// <summary>Reads a result.</summary>
    /// <param name="bytes">The result. Strings are unescaped and decoded within it, so its text is gone afterwards.</param>
    /// <param name="headers">Takes the function's headers; untouched when the result is refused.</param>
    /// <param name="result">The answer.</param>
    /// <param name="problem">Field, expected and found, when the result is refused.</param>
    public static bool TryRead(Span<byte> bytes, IHeaderDictionary headers, out EventResult result, [NotNullWhen(false)] out string? problem)
    {
        result = default;
        var mark = bytes.StartsWith("\uFEFF"u8) ? "\uFEFF"u8.Length : 0;
        var text = bytes[mark..];
        if (text.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            problem = ResultProblem.Empty;
            return false;
        }

        // The JSON reader takes any bytes within strings.
        if (!Utf8.IsValid(text))
        {
            problem = ResultProblem.NotUtf8(text);
            return false;
        }

        if (!EventResultFields.TryFind(text, out var fields, out problem)
            || !TryReadStatus(text, fields.StatusCode, out var status, out problem)
            || !TryReadFlag(text, fields.IsBase64Encoded, out var isBase64, out problem))
        {
            return false;
        }

        var lines = EventResultHeaders.Rent();
        try
        {
            if (!lines.TryRead(text, fields.Headers, out problem)
                || !TryReadBody(text, fields.Body, isBase64, out var bodyLength, out problem))
            {
                return false;
            }

            lines.WriteTo(headers);
            result = new EventResult
            {
                StatusCode = status,
                BodyStart = mark + fields.Body.Start,
                BodyLength = bodyLength,
                IsJson = !fields.Body.IsAbsent && fields.Body.Type != JsonTokenType.String,
                DroppedHeaders = lines.Dropped,
                FirstDroppedHeader = lines.FirstDropped,
                FirstUnknownField = fields.Unknown.Type == JsonTokenType.None ? null : VisibleText.Of(fields.Unknown.Of(text)),
            };
            return true;
        }
        finally
        {
            lines.Return();
        }
    }

    private static bool TryReadStatus(Span<byte> text, EventResultField field, out int status, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        status = 0;
        var isNumber = field.Type == JsonTokenType.Number;
        if ((isNumber || field.Type == JsonTokenType.String) && field.Length <= LongestStatus)
        {
            // Copied, because a refusal quotes the text as it came.
            Span<byte> copy = stackalloc byte[LongestStatus];
            field.Of(text).CopyTo(copy);
            if (JsonText.TryUnescapeInPlace(copy[..field.Length], out var length)
                && TryParseStatus(copy[..length], isNumber ? NumberStyles.Float : NumberStyles.AllowDecimalPoint, out status))
            {
                return true;
            }
        }

        problem = ResultProblem.Field("statusCode", "an integer from 200 to 599", field, text);
        return false;
    }

    private static bool TryParseStatus(Span<byte> text, NumberStyles styles, out int status)
    {
        text = text.Trim(" \t\r\n"u8);
        if (Utf8Parser.TryParse(text, out status, out var consumed) && consumed == text.Length && text[0] is >= (byte)'0' and <= (byte)'9')
        {
            return status is >= 200 and <= 599;
        }

        // 200.0, as languages without integers write it.
        var isIntegral = double.TryParse(text, styles, CultureInfo.InvariantCulture, out var number)
            && number is >= 200 and <= 599
            && double.IsInteger(number);
        status = isIntegral ? (int)number : 0;
        return isIntegral;
    }

    private static bool TryReadFlag(Span<byte> text, EventResultField field, out bool flag, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        flag = field.Type == JsonTokenType.True
            || (field.Type == JsonTokenType.String && Ascii.EqualsIgnoreCase(field.Of(text), "true"u8));
        if (flag || field.IsAbsent || field.Type == JsonTokenType.False
            || (field.Type == JsonTokenType.String && Ascii.EqualsIgnoreCase(field.Of(text), "false"u8)))
        {
            return true;
        }

        problem = ResultProblem.Field("isBase64Encoded", "true or false", field, text);
        return false;
    }

    /// <summary>Brings the body into its final form where it lies. Only a string can be Base64: an object is its own text.</summary>
    private static bool TryReadBody(Span<byte> text, EventResultField field, bool isBase64, out int length, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        length = field.IsAbsent ? 0 : field.Length;
        if (field.Type != JsonTokenType.String)
        {
            return true;
        }

        var body = field.Of(text);
        if (field.IsEscaped && !JsonText.TryUnescapeInPlace(body, out length))
        {
            problem = "field body: expected text, found half of a surrogate pair";
            return false;
        }

        body = body[..length];
        if (isBase64 && !Base64Text.TryDecodeInPlace(body, out length, out var position))
        {
            problem = ResultProblem.BrokenBase64(body, position);
            return false;
        }

        return true;
    }
}
