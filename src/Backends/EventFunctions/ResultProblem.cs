using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Backends.EventFunctions;

/// <summary>The words for what is wrong with a result: field, expected, found. Seen by the client, so they quote a value only shortly.</summary>
internal static class ResultProblem
{
    /// <summary>Longest quotation of a found value, in characters.</summary>
    private const int LongestQuote = 40;

    /// <summary>Kind: the result is larger than the backend's limit.</summary>
    public const string TooLarge = "too_large";

    private const string NotResult = "not_json";
    private const string MissingStatus = "missing_status";
    private const string BadStatus = "bad_status";
    private const string BadHeaders = "bad_headers";
    private const string BadBody = "bad_body";
    private const string BadBase64 = "bad_base64";

    /// <summary>All kinds of problems.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [NotResult, MissingStatus, BadStatus, BadHeaders, BadBody, BadBase64, TooLarge];

    /// <summary>The function answered nothing, or blanks.</summary>
    public const string Empty = "result: expected a JSON object, found nothing";

    /// <summary>The result is JSON, but no object.</summary>
    public static string NotAnObject(JsonTokenType found)
        => found == JsonTokenType.String
            ? "result: expected a JSON object, found a string (is it encoded twice?)"
            : $"result: expected a JSON object, found {Kind(found)}";

    /// <summary>The result is no JSON, or nested too deeply.</summary>
    /// <param name="position">Bytes up to the last good token.</param>
    /// <param name="isTooDeep">True when the nesting is what is wrong.</param>
    public static string NotJson(long position, bool isTooDeep)
        => isTooDeep
            ? string.Create(CultureInfo.InvariantCulture, $"result: expected at most {EventResultFields.MaxDepth} levels of JSON, found more")
            : string.Create(CultureInfo.InvariantCulture, $"result: expected a JSON object, found text that is not JSON after byte {position}");

    /// <summary>The result has bytes that are no UTF-8.</summary>
    /// <param name="text">The result.</param>
    public static string NotUtf8(ReadOnlySpan<byte> text)
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(text[position..], out _, out var width) == System.Buffers.OperationStatus.Done)
        {
            position += width;
        }

        return string.Create(CultureInfo.InvariantCulture, $"result: expected UTF-8, found other bytes at byte {position}");
    }

    /// <summary>A field has a value that it cannot have.</summary>
    /// <param name="name">The field.</param>
    /// <param name="expected">What would be right, with its article.</param>
    /// <param name="field">Where the value lies.</param>
    /// <param name="text">The result.</param>
    public static string Field(string name, string expected, EventResultField field, Span<byte> text) => field.Type switch
    {
        JsonTokenType.String => $"field {name}: expected {expected}, found string \"{Quote(field.Of(text))}\"",
        JsonTokenType.Number => $"field {name}: expected {expected}, found number {Quote(field.Of(text))}",
        _ => $"field {name}: expected {expected}, found {Kind(field.Type)}",
    };

    /// <summary>The body says it is Base64, and is not.</summary>
    /// <param name="body">The body, unescaped.</param>
    /// <param name="position">Index of the byte that does not belong there; the length when the body ends too early.</param>
    public static string BrokenBase64(ReadOnlySpan<byte> body, int position)
    {
        if (position >= body.Length)
        {
            return string.Create(CultureInfo.InvariantCulture, $"field body: expected Base64, found text that ends within a group at byte {position}");
        }

        _ = Rune.DecodeFromUtf8(body[position..], out var rune, out _);
        var found = Rune.IsControl(rune) ? "a control character" : $"'{rune}'";
        return string.Create(CultureInfo.InvariantCulture, $"field body: expected Base64, found {found} at byte {position}");
    }

    /// <summary>The kind of problem that a text of this class tells, for a metric: the closed list of <see cref="Kinds"/>.</summary>
    public static string KindOf(string problem) => problem switch
    {
        _ when problem.StartsWith("result:", StringComparison.Ordinal) => NotResult,
        _ when problem.StartsWith("field statusCode", StringComparison.Ordinal)
            => problem.EndsWith("found nothing", StringComparison.Ordinal) || problem.EndsWith("found null", StringComparison.Ordinal) ? MissingStatus : BadStatus,
        _ when problem.StartsWith("field headers", StringComparison.Ordinal) => BadHeaders,
        _ when problem.StartsWith("field body: expected text", StringComparison.Ordinal) => BadBody,
        _ => BadBase64,
    };

    private static string Kind(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    private static string Quote(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder(LongestQuote + 1);
        foreach (var rune in Encoding.UTF8.GetString(value).EnumerateRunes())
        {
            if (text.Length + rune.Utf16SequenceLength > LongestQuote)
            {
                return text.Append('…').ToString();
            }

            text.Append(Rune.IsControl(rune) ? "#" : rune.ToString());
        }

        return text.ToString();
    }
}
