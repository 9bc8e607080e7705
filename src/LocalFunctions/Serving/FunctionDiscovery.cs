namespace Gateway.LocalFunctions.Serving;

/// <summary>Finds functions by their files, where nobody has written them down.</summary>
internal static class FunctionDiscovery
{
    private const string Handler = "index.handler";
    private const string Recognised = "bootstrap, index.js, index.mjs, index.py, index.php";

    /// <summary>By file; the first that is there decides. A bootstrap starts what else lies beside it.</summary>
    private static readonly (string File, LocalFunctionOptions Options)[] Kinds =
    [
        ("bootstrap", new() { Runtime = LocalRuntime.Custom }),
        ("index.js", new() { Runtime = LocalRuntime.NodeJs, Handler = Handler }),
        ("index.mjs", new() { Runtime = LocalRuntime.NodeJs, Handler = Handler }),
        ("index.py", new() { Runtime = LocalRuntime.Python, Handler = Handler }),
        ("index.php", new() { Runtime = LocalRuntime.Php, Handler = Handler }),
    ];

    /// <summary>The function that the folder itself is, or those that the folders in it are; each has its folder's name.</summary>
    public static ServedFunctions Look(string folder)
    {
        var functions = new Dictionary<string, LocalFunctionOptions>(StringComparer.Ordinal);
        var passedOver = new List<string>();
        if (Recognise(folder) is not null)
        {
            Add(folder);
        }
        else
        {
            foreach (var child in Directory.EnumerateDirectories(folder).Where(static child => Path.GetFileName(child)[0] != '.').Order(StringComparer.Ordinal))
            {
                Add(child);
            }
        }

        return functions.Count > 0
            ? new ServedFunctions(functions, [], passedOver)
            : new ServedFunctions(
                functions, [$"there is no function in {folder}. Add a {ServedFunctions.FileName}, or a folder with one of: {Recognised}.", .. passedOver], []);

        void Add(string code)
        {
            var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(code));
            if (Recognise(code) is not { } options)
            {
                passedOver.Add($"{name} is passed over: it has none of {Recognised}.");
                return;
            }

            options = options with { Code = Path.GetRelativePath(folder, code) };
            var problems = LocalFunctionRules.Check(name, options).Select(static problem => problem.Problem).ToList();
            if (problems.Count == 0)
            {
                functions.Add(name, options);
            }
            else
            {
                passedOver.Add($"{name} is passed over: {string.Join(' ', problems)}");
            }
        }
    }

    private static LocalFunctionOptions? Recognise(string folder)
        => Kinds.FirstOrDefault(kind => File.Exists(Path.Combine(folder, kind.File))).Options;
}
