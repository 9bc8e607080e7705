using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Gateway.Configuration.Reading;

/// <summary>Reads one JSON file into a tree that knows its lines. Comments and trailing commas are allowed.</summary>
/// <remarks>
/// The framework's reader cannot tell <c>{}</c> from <c>null</c>, keeps no lines and lets a repeated key win silently.
/// Keys <c>$schema</c> and keys that begin with <c>//</c> are comments, at every level.
/// </remarks>
internal sealed class JsonFileReader
{
    /// <summary>Deepest nesting of objects and arrays; the options need nine.</summary>
    private const int MaxDepth = 32;

    private readonly byte[] _utf8;
    private readonly ConfigOrigin _file;
    private readonly ProblemList _problems;
    private int _line = 1;
    private int _counted;

    private JsonFileReader(byte[] utf8, ConfigOrigin file, ProblemList problems)
    {
        _utf8 = utf8;
        _file = file;
        _problems = problems;
    }

    /// <summary>Reads a file's bytes, UTF-8 with or without a byte order mark.</summary>
    /// <returns>The root object; null when the file is not valid, with the problem added.</returns>
    public static ConfigNode? Read(byte[] utf8, ConfigOrigin file, ProblemList problems)
    {
        if (utf8 is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            problems.Add(file.Name, file, "the file is not UTF-8 but UTF-16. Save it as UTF-8.");
            return null;
        }

        var reader = new JsonFileReader(utf8, file, problems);
        try
        {
            return reader.ReadRoot();
        }
        catch (JsonException exception)
        {
            var line = (int)(exception.LineNumber ?? 0) + 1;
            problems.Add(
                file.Name, file with { Line = line }, $"the file is not valid JSON: {Reason(exception)} Mend line {line} or the one before it.");
            return null;
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader throws for text that is no UTF-8, or for half of a surrogate pair.
            problems.Add(file.Name, file with { Line = reader._line }, "a text in this line is not valid UTF-8. Save the file as UTF-8.");
            return null;
        }
    }

    private ConfigNode? ReadRoot()
    {
        var start = _utf8 is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        _counted = start;
        if (_utf8.AsSpan(start).Trim(" \t\r\n"u8).IsEmpty)
        {
            _problems.Add(_file.Name, _file, "the file is empty. Write at least { }.");
            return null;
        }

        var json = new Utf8JsonReader(_utf8.AsSpan(start), new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = MaxDepth,
        });
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            _problems.Add(
                _file.Name, _file with { Line = LineOf(json, start) }, "the file must hold one JSON object. Put everything between { and }.");
            return null;
        }

        var root = ReadObject(ref json, "", start, _file);
        json.Read(); // throws when something follows the object
        return root;
    }

    private ConfigNode ReadValue(ref Utf8JsonReader json, string path, int start)
    {
        var origin = _file with { Line = LineOf(json, start) };
        return json.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref json, path, start, origin),
            JsonTokenType.StartArray => ReadArray(ref json, path, start, origin),
            JsonTokenType.Null => new ConfigNode(path, origin, ConfigNodeKind.Null, text: null, []),
            JsonTokenType.True => ConfigNode.Value(path, origin, "true"),
            JsonTokenType.False => ConfigNode.Value(path, origin, "false"),
            JsonTokenType.Number => ConfigNode.Value(path, origin, Encoding.ASCII.GetString(json.ValueSpan)),
            _ => ConfigNode.Value(path, origin, json.GetString()!),
        };
    }

    private ConfigNode ReadObject(ref Utf8JsonReader json, string path, int start, ConfigOrigin origin)
    {
        var children = ImmutableArray.CreateBuilder<ConfigNode>();
        var lines = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var line = LineOf(json, start);
            var key = json.GetString()!;
            json.Read();
            if (key == "$schema" || key.StartsWith("//", StringComparison.Ordinal))
            {
                json.Skip();
                continue;
            }

            var childPath = ConfigNode.Join(path, key);
            if (key.Length == 0 || key.Contains(':'))
            {
                var mistake = key.Length == 0 ? "a key is empty. Give it a name." : $"the key '{key}' holds a colon. Nest objects instead.";
                _problems.Add(childPath, _file with { Line = line }, mistake);
                json.Skip();
            }
            else if (!lines.TryAdd(key, line))
            {
                _problems.Add(
                    childPath,
                    _file with { Line = line },
                    $"'{key}' stands twice in one object, in lines {lines[key]} and {line}; keys compare without case. Keep one of them.");
                json.Skip();
            }
            else
            {
                children.Add(ReadValue(ref json, childPath, start));
            }
        }

        return ConfigNode.Object(path, origin, children.ToImmutable());
    }

    private ConfigNode ReadArray(ref Utf8JsonReader json, string path, int start, ConfigOrigin origin)
    {
        var children = ImmutableArray.CreateBuilder<ConfigNode>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            children.Add(ReadValue(ref json, $"{path}:{children.Count}", start));
        }

        return new ConfigNode(path, origin, ConfigNodeKind.Array, text: null, children.ToImmutable());
    }

    /// <summary>The line of the current token. Tokens come in order, so each byte is looked at once.</summary>
    private int LineOf(in Utf8JsonReader json, int start)
    {
        var position = start + (int)json.TokenStartIndex;
        if (position > _counted)
        {
            _line += _utf8.AsSpan(_counted, position - _counted).Count((byte)'\n');
            _counted = position;
        }

        return _line;
    }

    private static string Reason(JsonException exception)
    {
        // The framework quotes a misspelt word, which may be the beginning of a secret that lacks its quotes.
        var message = exception.Message;
        if (message.Contains("invalid JSON literal", StringComparison.Ordinal))
        {
            return "a text has no quotes.";
        }

        var suffix = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return suffix < 0 ? message : message[..suffix];
    }
}
