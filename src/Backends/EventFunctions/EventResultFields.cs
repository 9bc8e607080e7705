using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Gateway.Backends.EventFunctions;

/// <summary>The fields of a result, found in one pass that also proves the whole text to be JSON.</summary>
/// <remarks>Of a name that stands there twice the last one counts, as in most parsers.</remarks>
internal struct EventResultFields
{
    /// <summary>Deepest nesting, the result itself included.</summary>
    public const int MaxDepth = 64;

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
            problem = ResultProblem.NotJson(reader.BytesConsumed, isTooDeep: reader.CurrentDepth >= MaxDepth);
            return false;
        }
    }

    private void ReadField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("statusCode"u8))
        {
            StatusCode = ReadValue(ref reader);
        }
        else if (reader.ValueTextEquals("headers"u8))
        {
            Headers = ReadValue(ref reader);
        }
        else if (reader.ValueTextEquals("body"u8))
        {
            Body = ReadValue(ref reader);
        }
        else if (reader.ValueTextEquals("isBase64Encoded"u8))
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

    private static EventResultField ReadValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        return EventResultField.Read(ref reader);
    }
}
