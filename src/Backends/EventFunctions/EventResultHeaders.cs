using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Backends.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Backends.EventFunctions;

/// <summary>The header lines of one result, collected before the first is written: a later key may replace or remove an earlier one.</summary>
/// <remarks>
/// Keys are compared as they are spelled. Functions send several cookies under keys that differ only in case, and a dictionary that
/// ignores case would lose all but one.
/// </remarks>
internal sealed class EventResultHeaders
{
    private const int MaxLines = 100;
    private const int MaxBytes = 32 << 10;

    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    [ThreadStatic]
    private static EventResultHeaders? _cached;

    private readonly (string Name, string? Value)[] _lines = new (string, string?)[MaxLines];
    private int _count;
    private int _counted;
    private int _bytes;
    private StringValues _connection;

    private EventResultHeaders()
    {
    }

    /// <summary>Number of headers left out because name or value could not stand in an answer.</summary>
    public int Dropped { get; private set; }

    /// <summary>Name of the first header left out, safe for a log.</summary>
    public string? FirstDropped { get; private set; }

    /// <summary>An empty collection; give it back with <see cref="Return"/> on the same thread.</summary>
    public static EventResultHeaders Rent()
    {
        var lines = _cached ?? new EventResultHeaders();
        _cached = null;
        return lines;
    }

    /// <summary>Forgets the lines and keeps the collection for the next result.</summary>
    public void Return()
    {
        Array.Clear(_lines, 0, _count);
        _count = _counted = _bytes = Dropped = 0;
        _connection = default;
        FirstDropped = null;
        _cached = this;
    }

    /// <summary>Collects the field <c>headers</c>.</summary>
    /// <param name="text">The result, proved to be JSON. Escaped names and values are unescaped within it.</param>
    /// <param name="field">Where the headers lie.</param>
    /// <param name="problem">What is wrong, when they are no object or too many.</param>
    public bool TryRead(Span<byte> text, EventResultField field, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (field.IsAbsent)
        {
            return true;
        }

        if (field.Type != JsonTokenType.StartObject)
        {
            problem = ResultProblem.Field("headers", "an object", field, text);
            return false;
        }

        var headers = field.Of(text);
        var reader = new Utf8JsonReader(headers);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && IsWithinLimits)
        {
            var name = EventResultField.Read(ref reader);
            reader.Read();
            ReadHeader(headers, name, ref reader);
        }

        problem = IsWithinLimits
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"field headers: expected at most {MaxLines} lines and {MaxBytes} bytes, found more");
        return problem is null;
    }

    /// <summary>Adds the lines to the client's answer, without those that the function's own <c>Connection</c> header names.</summary>
    public void WriteTo(IHeaderDictionary headers)
    {
        for (var i = 0; i < _count; i++)
        {
            var (name, value) = _lines[i];
            if (value is null || HopByHopHeaders.IsNamedBy(_connection, name))
            {
                continue;
            }

            if (name.Equals(HeaderNames.ContentType, StringComparison.OrdinalIgnoreCase))
            {
                headers.ContentType = value; // an answer has one; two lines would be read differently by everyone
            }
            else
            {
                headers[name] = StringValues.Concat(headers[name], value); // Append() would leave out an empty value
            }
        }
    }

    private bool IsWithinLimits => _counted <= MaxLines && _bytes <= MaxBytes;

    private void ReadHeader(Span<byte> headers, EventResultField nameField, ref Utf8JsonReader reader)
    {
        if (!TryUnescape(headers, nameField, out var nameBytes) || nameBytes.IsEmpty || nameBytes.ContainsAnyExcept(TokenBytes))
        {
            _counted++;
            Drop(VisibleText.Of(nameBytes));
            reader.Skip();
            return;
        }

        var name = Encoding.ASCII.GetString(nameBytes);
        Forget(name);
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            ReadValue(headers, name, ref reader);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ReadValue(headers, name, ref reader);
        }
    }

    private void ReadValue(Span<byte> headers, string name, ref Utf8JsonReader reader)
    {
        var field = EventResultField.Read(ref reader);
        _counted++;
        _bytes += name.Length + field.Length;
        if (field.IsAbsent || !IsWithinLimits)
        {
            return;
        }

        if (field.Type is JsonTokenType.StartObject or JsonTokenType.StartArray || !TryUnescape(headers, field, out var bytes))
        {
            Drop(name);
            return;
        }

        var value = Encoding.UTF8.GetString(bytes.Trim(" \t"u8));
        if (HasControl(value))
        {
            Drop(name);
        }
        else if (name.Equals(HeaderNames.Connection, StringComparison.OrdinalIgnoreCase))
        {
            _connection = StringValues.Concat(_connection, value);
        }
        else if (ResponseHeaderRules.PassesFromResult(name))
        {
            _lines[_count++] = (name, value);
        }
    }

    /// <summary>Takes out the lines of an earlier key with the same spelling.</summary>
    private void Forget(string name)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_lines[i].Name == name)
            {
                _lines[i].Value = null;
            }
        }
    }

    private void Drop(string name)
    {
        FirstDropped ??= name;
        Dropped++;
    }

    private static bool TryUnescape(Span<byte> headers, EventResultField field, out Span<byte> bytes)
    {
        bytes = field.Of(headers);
        if (!field.IsEscaped)
        {
            return true;
        }

        var isText = JsonText.TryUnescapeInPlace(bytes, out var length);
        bytes = bytes[..length];
        return isText;
    }

    private static bool HasControl(string value)
    {
        foreach (var c in value)
        {
            if (char.IsControl(c) && c != '\t')
            {
                return true;
            }
        }

        return false;
    }
}
