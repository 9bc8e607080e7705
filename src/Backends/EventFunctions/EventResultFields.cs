using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Gateway.Backends.EventFunctions;

/// <summary>The fields of a result, found in one pass that also proves the whole text to be JSON.</summary>
/// <remarks>Of a name that stands there twice the last one counts, as in most parsers.</remarks>
internal struct EventResultFields
{
    /// <summary>Deepest nesting, the result itself included.</summary>
    public const int MaxDepth = 64;

    /// <summary>The longest field name with each of its letters escaped, in bytes.</summary>
    private const int LongestName = 6 * 15;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    /// <summary>The field <c>statusCode</c>.</summary>
    public EventResultField StatusCode { get; private set; }

    /// <summary>The field <c>isBase64Encoded</c>.</summary>
    public EventResultField IsBase64Encoded { get; private set; }

    /// <summary>The field <c>headers</c>.</summary>
    public EventResultField Headers { get; private set; }

    /// <summary>The field <c>body</c>.</summary>
    public EventResultField Body { get; private set; }

    /// <summary>Name of the first field that the format does not know.</summary>
    public EventResultField Unknown { get; private set; }

    /// <summary>Finds the fields.</summary>
    /// <param name="text">The result without byte order mark, valid UTF-8.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="problem">What is wrong with the text, when it is no JSON object.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, out EventResultFields fields, [NotNullWhen(false)] out string? problem)
    {
        fields = default;
        problem = null;
        var reader = new Utf8JsonReader(text, ReaderOptions);
        try
        {
            reader.Read();
            var first = reader.TokenType;
            if (first == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    fields.ReadField(ref reader);
                }
            }
            else
            {
                reader.Skip();
                problem = ResultProblem.NotAnObject(first);
            }

            reader.Read(); // anything but blanks behind the value is an error
            return problem is null;
        }
        catch (JsonException)
        {
            problem = ResultProblem.NotJson(reader.BytesConsumed, IsTooDeep(reader, text));
            return false;
        }
    }

    private void ReadField(ref Utf8JsonReader reader)
    {
        Span<byte> unescaped = stackalloc byte[LongestName];
        var name = reader.ValueIsEscaped ? Unescape(reader.ValueSpan, unescaped) : reader.ValueSpan;
        if (name.SequenceEqual("statusCode"u8))
        {
            StatusCode = ReadValue(ref reader);
        }
        else if (name.SequenceEqual("headers"u8))
        {
            Headers = ReadValue(ref reader);
        }
        else if (name.SequenceEqual("body"u8))
        {
            Body = ReadValue(ref reader);
        }
        else if (name.SequenceEqual("isBase64Encoded"u8))
        {
            IsBase64Encoded = ReadValue(ref reader);
        }
        else
        {
            if (Unknown.Type == JsonTokenType.None)
            {
                Unknown = EventResultField.Read(ref reader);
            }

            reader.Skip();
        }
    }

    /// <summary>A field name written with escapes; anything else gives a name that no field has.</summary>
    /// <remarks>The reader's own comparison throws when a name holds half of a surrogate pair.</remarks>
    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> name, Span<byte> buffer)
        => name.TryCopyTo(buffer) && JsonText.TryUnescapeInPlace(buffer[..name.Length], out var length) ? buffer[..length] : default;

    private static EventResultField ReadValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        return EventResultField.Read(ref reader);
    }

    /// <summary>Whether what the reader stopped at is one bracket too many; its exception does not say so but in words.</summary>
    private static bool IsTooDeep(in Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        var depth = reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0);
        var next = text[(int)reader.BytesConsumed..].TrimStart(" \t\r\n,:"u8);
        return depth >= MaxDepth && !next.IsEmpty && next[0] is (byte)'[' or (byte)'{';
    }
}
