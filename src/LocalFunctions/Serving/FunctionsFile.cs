using System.Text.Json;
using Gateway.Contracts;

namespace Gateway.LocalFunctions.Serving;

/// <summary>Reads <c>functions.json</c>: <c>{ "functions": { name: the keys of <see cref="LocalFunctionOptions"/> } }</c>. Comments and trailing commas are allowed.</summary>
internal static class FunctionsFile
{
    private const string Root = "functions";
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads the file, and lists all that is wrong with it.</summary>
    /// <param name="utf8">Its bytes.</param>
    /// <param name="folder">Its folder, from which folders of code start.</param>
    public static ServedFunctions Read(byte[] utf8, string folder)
    {
        var problems = new List<string>();
        var functions = new Dictionary<string, LocalFunctionOptions>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(utf8.AsMemory(utf8 is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0), Lenient);
            Read(document.RootElement, folder, functions, problems);
        }
        catch (JsonException exception)
        {
            var line = (exception.LineNumber ?? 0) + 1;
            problems.Add($"{ServedFunctions.FileName} is not valid JSON: {Reason(exception)} Mend line {line} or the one before it.");
        }

        return new ServedFunctions(functions, problems, []);
    }

    /// <summary>Whether a key is a note to the reader.</summary>
    public static bool IsComment(string key) => key == "$schema" || key.StartsWith("//", StringComparison.Ordinal);

    private static void Read(JsonElement root, string folder, Dictionary<string, LocalFunctionOptions> functions, List<string> problems)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            problems.Add($$"""{{ServedFunctions.FileName}} must hold one JSON object: { "functions": { } }.""");
            return;
        }

        foreach (var property in root.EnumerateObject().Where(static property => !IsComment(property.Name)))
        {
            if (property.Name != Root)
            {
                problems.Add($"{property.Name}: there is no such key.{Suggestion.DidYouMean(property.Name, [Root])} The only one is {Root}.");
            }
            else if (property.Value.ValueKind != JsonValueKind.Object)
            {
                problems.Add($"{Root}: must be an object that holds functions by name.");
            }
            else
            {
                ReadFunctions(property.Value, folder, functions, problems);
            }
        }

        if (functions.Count == 0 && problems.Count == 0)
        {
            problems.Add($$"""{{Root}}: there is no function. Add one, e.g. "hello": { "Runtime": "nodejs", "Code": "hello", "Handler": "index.handler" }.""");
        }
    }

    private static void ReadFunctions(JsonElement map, string folder, Dictionary<string, LocalFunctionOptions> functions, List<string> problems)
    {
        foreach (var property in map.EnumerateObject().Where(static property => !IsComment(property.Name)))
        {
            var entry = new FunctionEntry($"{Root}:{property.Name}");
            var options = entry.Read(property.Value);
            if (!functions.TryAdd(property.Name, options))
            {
                entry.Add("", "is there twice. Remove one.");
            }

            entry.CheckRequired(options, folder);
            foreach (var (key, problem) in LocalFunctionRules.Check(property.Name, options))
            {
                entry.Add(key, problem);
            }

            problems.AddRange(entry.Problems);
        }
    }

    /// <summary>What the parser says, without its own count of lines from zero.</summary>
    private static string Reason(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? exception.Message : exception.Message[..end];
    }
}
