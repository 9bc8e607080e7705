using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Contracts;

namespace Gateway.LocalFunctions.Serving;

/// <summary>Reads one function of <c>functions.json</c>. Keys and ranges are those of <see cref="LocalFunctionOptions"/>, so that both files know the same.</summary>
/// <param name="path">Path of the entry, for problems.</param>
internal sealed class FunctionEntry(string path)
{
    private static readonly string[] Keys = [.. typeof(LocalFunctionOptions).GetProperties().Select(static property => property.Name)];

    private static readonly Dictionary<string, LocalRuntime> Runtimes = Enum.GetValues<LocalRuntime>().ToDictionary(
        static runtime => typeof(LocalRuntime).GetField(runtime.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name,
        StringComparer.OrdinalIgnoreCase);

    private readonly OrderedDictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>What is wrong, a line each.</summary>
    public IEnumerable<string> Problems => _problems.Select(problem => $"{(problem.Key.Length == 0 ? path : $"{path}:{problem.Key}")}: {problem.Value}");

    /// <summary>Adds a problem, unless the key has one.</summary>
    /// <param name="key">Key of the entry; empty for the entry itself.</param>
    /// <param name="problem">What is wrong, and how to mend it.</param>
    public void Add(string key, string problem) => _problems.TryAdd(key, problem);

    /// <summary>Reads the entry; what cannot be read keeps its default, and is a problem.</summary>
    public LocalFunctionOptions Read(JsonElement entry)
    {
        var options = new LocalFunctionOptions();
        if (entry.ValueKind != JsonValueKind.Object)
        {
            Add("", """must be an object, e.g. { "Runtime": "nodejs", "Code": "hello", "Handler": "index.handler" }.""");
            return options;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in entry.EnumerateObject().Where(static property => !FunctionsFile.IsComment(property.Name)))
        {
            if (Array.Find(Keys, key => key.Equals(property.Name, StringComparison.OrdinalIgnoreCase)) is not { } key)
            {
                Add(property.Name, $"there is no such key.{Suggestion.DidYouMean(property.Name, Keys)} Write one of {Suggestion.List(Keys)}.");
            }
            else if (!seen.Add(key))
            {
                Add(key, "is there twice. Remove one.");
            }
            else
            {
                options = Read(options, key, property.Value);
            }
        }

        return options;
    }

    /// <summary>Adds problems of what every function needs.</summary>
    public void CheckRequired(LocalFunctionOptions options, string folder)
    {
        if (_problems.ContainsKey(""))
        {
            return; // It is no entry at all.
        }

        if (options.Runtime is null)
        {
            Add(nameof(options.Runtime), $"is missing. Write one of {Suggestion.List(Runtimes.Keys)}.");
        }

        if (options.Code is null)
        {
            Add(nameof(options.Code), $"is missing. Write the folder of the code, relative to {ServedFunctions.FileName}.");
        }
        else if (Path.GetFullPath(Path.Combine(folder, options.Code)) is var code && !Directory.Exists(code))
        {
            Add(nameof(options.Code), $"there is no folder {code}.");
        }
    }

    private LocalFunctionOptions Read(LocalFunctionOptions options, string key, JsonElement value) => key switch
    {
        nameof(options.Runtime) => options with { Runtime = ReadRuntime(key, value) },
        nameof(options.Code) => options with { Code = ReadText(key, value) },
        nameof(options.Handler) => options with { Handler = ReadText(key, value) },
        nameof(options.Command) => options with { Command = ReadList(key, value) ?? options.Command },
        nameof(options.Port) => options with { Port = ReadNumber(key, value) },
        nameof(options.Initializer) => options with { Initializer = ReadText(key, value) },
        nameof(options.PreStop) => options with { PreStop = ReadText(key, value) },
        nameof(options.Environment) => options with { Environment = ReadMap(key, value) ?? options.Environment },
        nameof(options.Timeout) => options with { Timeout = ReadDuration(key, value) ?? options.Timeout },
        nameof(options.Concurrency) => options with { Concurrency = ReadNumber(key, value) ?? options.Concurrency },
        _ => throw new UnreachableException(key),
    };

    private string? ReadText(string key, JsonElement value)
        => value.ValueKind == JsonValueKind.String ? value.GetString() : Refuse<string>(key, value, "a text");

    private LocalRuntime? ReadRuntime(string key, JsonElement value)
    {
        if (ReadText(key, value) is not { } text)
        {
            return null;
        }

        if (Runtimes.TryGetValue(text, out var runtime))
        {
            return runtime;
        }

        Add(key, $"there is no runtime '{text}'.{Suggestion.DidYouMean(text, Runtimes.Keys)} Write one of {Suggestion.List(Runtimes.Keys)}.");
        return null;
    }

    private int? ReadNumber(string key, JsonElement value)
    {
        var range = AttributeOf<RangeAttribute>(key);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && range.IsValid(number))
        {
            return number;
        }

        Add(key, $"{Show(value)} is not a number from {range.Minimum} to {range.Maximum}.");
        return null;
    }

    private TimeSpan? ReadDuration(string key, JsonElement value)
    {
        var range = AttributeOf<BetweenAttribute>(key);
        if (value.ValueKind != JsonValueKind.String || !Duration.TryParse(value.GetString()!, out var duration))
        {
            Add(key, $"""{Show(value)} is not a time. Write it with its unit: "500ms", "10s", "5m" or "2h".""");
            return null;
        }

        if (Duration.TryParse(range.Minimum, out var minimum) && Duration.TryParse(range.Maximum, out var maximum) && duration >= minimum && duration <= maximum)
        {
            return duration;
        }

        Add(key, $"{Show(value)} is not between {range.Minimum} and {range.Maximum}.");
        return null;
    }

    private string[]? ReadList(string key, JsonElement value)
        => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(static item => item.GetString()!)]
            : Refuse<string[]>(key, value, """a list of texts, e.g. [ "python3", "server.py" ]""");

    private Dictionary<string, string>? ReadMap(string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return Refuse<Dictionary<string, string>>(key, value, """an object of texts, e.g. { "LOG_LEVEL": "debug" }""");
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject().Where(static property => !FunctionsFile.IsComment(property.Name)))
        {
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                Add($"{key}:{property.Name}", "must be a text. Put it in quotes."); // Not shown: it may be a secret.
            }
            else if (!map.TryAdd(property.Name, property.Value.GetString()!))
            {
                Add($"{key}:{property.Name}", "is there twice. Remove one.");
            }
        }

        return map;
    }

    private T? Refuse<T>(string key, JsonElement value, string wanted)
        where T : class
    {
        Add(key, $"{Show(value)} is not {wanted}.");
        return null;
    }

    /// <summary>A value as it is written; of an object or list only what it is.</summary>
    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText(),
    };

    private static T AttributeOf<T>(string key)
        where T : Attribute => typeof(LocalFunctionOptions).GetProperty(key)!.GetCustomAttribute<T>()!;
}
