using System.Text.Json;

namespace Gateway.Backends.EventFunctions;

/// <summary>Where a value of the result lies, and what it is. <see cref="JsonTokenType.None"/> when it is absent.</summary>
/// <param name="Type">Its first token.</param>
/// <param name="Start">Index of its first byte; of a string, the one behind the quote.</param>
/// <param name="Length">Number of its bytes; of a string, without the quotes.</param>
/// <param name="IsEscaped">True for a string with escapes.</param>
internal readonly record struct EventResultField(JsonTokenType Type, int Start, int Length, bool IsEscaped)
{
    /// <summary>True when the field is absent or null, which mean the same.</summary>
    public bool IsAbsent => Type is JsonTokenType.None or JsonTokenType.Null;

    /// <summary>The field's bytes.</summary>
    public Span<byte> Of(Span<byte> text) => text.Slice(Start, Length);

    /// <summary>The name or value that a reader stands on; the reader moves to its last token.</summary>
    public static EventResultField Read(ref Utf8JsonReader reader)
    {
        var type = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        switch (type)
        {
            case JsonTokenType.String or JsonTokenType.PropertyName:
                return new(type, start + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                reader.Skip();
                return new(type, start, (int)reader.BytesConsumed - start, IsEscaped: false);
            default:
                return new(type, start, reader.ValueSpan.Length, IsEscaped: false);
        }
    }
}
