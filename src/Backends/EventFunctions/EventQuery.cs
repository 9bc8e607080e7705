using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.Backends.EventFunctions;

/// <summary>Writes a query, or a form, as members of a JSON object: every name once, names and values decoded once.</summary>
/// <remarks>
/// Names and values without an escape are written from where they lie. A few names are compared one by one; beyond that an index
/// keeps the work in proportion to the text, however often a name repeats.
/// </remarks>
internal sealed class EventQuery
{
    private const int ComparedOneByOne = 16;
    private const int LargestKept = 256;
    private const int None = -1;

    [ThreadStatic]
    private static EventQuery? _cached;

    private readonly RepeatedQuery _repeated;
    private Field[] _fields = new Field[ComparedOneByOne];
    private int _count;
    private Dictionary<string, int>? _index;

    private EventQuery(RepeatedQuery repeated) => _repeated = repeated;

    /// <summary>Writes the members; the caller writes the object around them.</summary>
    /// <param name="writer">Stands inside an object.</param>
    /// <param name="text">The query as sent, without its question mark. <c>?a</c> is <c>"a":""</c>; a field without a name is left out.</param>
    /// <param name="repeated">Which value of a repeated name is written.</param>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<char> text, RepeatedQuery repeated)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var query = _cached is { } cached && cached._repeated == repeated ? cached : new EventQuery(repeated);
        _cached = null;
        query.Read(text);
        query.WriteFields(writer, text);
        query.Clear();
        _cached = query;
    }

    private void Read(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split('&'))
        {
            var (start, length) = range.GetOffsetAndLength(text.Length);
            var equals = text.Slice(start, length).IndexOf('=');
            var name = Decode(text, start, equals < 0 ? length : equals);
            var value = equals < 0 ? default : Decode(text, start + equals + 1, length - equals - 1);
            if (name.Length > 0)
            {
                Add(text, name, value);
            }
        }
    }

    private void Add(ReadOnlySpan<char> text, Slice name, Slice value)
    {
        var first = Find(text, name);
        if (first == None)
        {
            Append(new Field { Name = name, Value = value, IsFirst = true, Next = None, Last = _count });
            _index?.Add(_fields[_count - 1].Name.Of(text).ToString(), _count - 1);
        }
        else if (_repeated == RepeatedQuery.Last)
        {
            _fields[first].Value = value;
        }
        else if (_repeated == RepeatedQuery.Join)
        {
            Append(new Field { Value = value, Next = None });
            _fields[_fields[first].Last].Next = _count - 1;
            _fields[first].Last = _count - 1;
        }
    }

    /// <summary>Index of the first field of a name, or <see cref="None"/>.</summary>
    private int Find(ReadOnlySpan<char> text, Slice name)
    {
        if (_index is null && _count < ComparedOneByOne)
        {
            for (var i = 0; i < _count; i++)
            {
                if (_fields[i].IsFirst && _fields[i].Name.Of(text).SequenceEqual(name.Of(text)))
                {
                    return i;
                }
            }

            return None;
        }

        _index ??= BuildIndex(text);
        return _index.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name.Of(text), out var index) ? index : None;
    }

    private Dictionary<string, int> BuildIndex(ReadOnlySpan<char> text)
    {
        var index = new Dictionary<string, int>(4 * ComparedOneByOne, StringComparer.Ordinal);
        for (var i = 0; i < _count; i++)
        {
            if (_fields[i].IsFirst)
            {
                index.Add(_fields[i].Name.Of(text).ToString(), i);
            }
        }

        return index;
    }

    private void Append(in Field field)
    {
        if (_count == _fields.Length)
        {
            Array.Resize(ref _fields, 2 * _count);
        }

        _fields[_count++] = field;
    }

    private void WriteFields(Utf8JsonWriter writer, ReadOnlySpan<char> text)
    {
        for (var i = 0; i < _count; i++)
        {
            ref readonly var field = ref _fields[i];
            if (!field.IsFirst)
            {
                continue;
            }

            writer.WritePropertyName(field.Name.Of(text));
            writer.WriteStringValueSegment(field.Value.Of(text), isFinalSegment: field.Next == None);
            for (var next = field.Next; next != None; next = _fields[next].Next)
            {
                writer.WriteStringValueSegment(",", isFinalSegment: false);
                writer.WriteStringValueSegment(_fields[next].Value.Of(text), isFinalSegment: _fields[next].Next == None);
            }
        }
    }

    private void Clear()
    {
        _index = null;
        if (_fields.Length > LargestKept)
        {
            _fields = new Field[ComparedOneByOne];
        }
        else
        {
            Array.Clear(_fields, 0, _count);
        }

        _count = 0;
    }

    /// <summary>Part of the text, or its decoded form. Text that cannot be decoded stays as it is.</summary>
    private static Slice Decode(ReadOnlySpan<char> text, int start, int length)
    {
        var part = text.Slice(start, length);
        return part.ContainsAny('%', '+') && PercentEncoding.TryDecode(part, plusIsSpace: true, out var decoded)
            ? new Slice(decoded, 0, decoded.Length)
            : new Slice(null, start, length);
    }

    private readonly record struct Slice(string? Decoded, int Start, int Length)
    {
        public ReadOnlySpan<char> Of(ReadOnlySpan<char> text) => Decoded ?? text.Slice(Start, Length);
    }

    private struct Field
    {
        public Slice Name;
        public Slice Value;

        /// <summary>False for a further value of a name that stands before.</summary>
        public bool IsFirst;

        /// <summary>The next value of the same name.</summary>
        public int Next;

        /// <summary>Of a first field: where the chain of its values ends.</summary>
        public int Last;
    }
}
