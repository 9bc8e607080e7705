using Gateway.LocalFunctions.Runtimes;

namespace Gateway.LocalFunctions;

/// <summary>Rules for the options of a local function that types and ranges cannot express.</summary>
public static class LocalFunctionRules
{
    private const string ScriptShape = "\"file.function\", e.g. \"index.handler\"; the file may be in a folder, e.g. \"src/index.handler\"";
    private const string JavaShape = "\"package.Class::method\", e.g. \"example.App::handleRequest\"";

    /// <summary>What is wrong with a function's options.</summary>
    /// <returns>The key, and what is wrong with it and how to mend it; one for each rule that is broken.</returns>
    public static IEnumerable<(string Key, string Problem)> Check(string name, LocalFunctionOptions options)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        return CheckName(name).Concat(CheckRuntime(options)).Concat(CheckCalls(options)).Concat(CheckServer(options)).Concat(CheckEnvironment(options));
    }

    /// <summary>What will keep a function from being called, although its options are right: its runtime or its code is not on this machine.</summary>
    /// <param name="options">Its options, already checked.</param>
    /// <param name="folder">What a relative folder of code starts from.</param>
    /// <returns>What is missing and what to do; one sentence or two for each.</returns>
    public static IEnumerable<string> FindMissing(LocalFunctionOptions options, string folder)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (RuntimeCatalogue.Of(options.Runtime!.Value).FindMissing() is { } missing)
        {
            yield return missing;
        }

        var code = Path.GetFullPath(Path.Combine(folder, options.Code!));
        if (!Directory.Exists(code))
        {
            yield return $"there is no folder {code}. Create it, or correct Code.";
        }
    }

    private static IEnumerable<(string Key, string Problem)> CheckName(string name)
    {
        if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            yield return ("", "the name of a function has letters, digits, '_' and '-' only, as in the function service. Rename it.");
        }
    }

    private static IEnumerable<(string Key, string Problem)> CheckRuntime(LocalFunctionOptions options)
    {
        if (options.Runtime is null)
        {
            yield return (nameof(options.Runtime), "the runtime is missing. Write \"nodejs\", \"python\", \"php\", \"java\" or \"custom\".");
        }

        if (string.IsNullOrWhiteSpace(options.Code))
        {
            yield return (nameof(options.Code), "the folder of the code is missing. Write it relative to the folder of appsettings.json, e.g. \"functions/greet\".");
        }
        else if (options.Code.Contains('\0'))
        {
            yield return (nameof(options.Code), "the folder has a zero byte in its name. Take it out.");
        }
    }

    private static IEnumerable<(string Key, string Problem)> CheckCalls(LocalFunctionOptions options)
    {
        if (options.Runtime is not { } runtime)
        {
            yield break;
        }

        if (runtime == LocalRuntime.Custom)
        {
            if (options.Handler is not null)
            {
                yield return (nameof(options.Handler), "a custom runtime's server has no handler. Take Handler out, or name a built-in runtime.");
            }

            yield break;
        }

        var shape = runtime == LocalRuntime.Java ? JavaShape : ScriptShape;
        if (string.IsNullOrWhiteSpace(options.Handler))
        {
            yield return (nameof(options.Handler), $"the handler is missing. Write {shape}.");
        }

        foreach (var (key, value) in ((string, string?)[])[(nameof(options.Handler), options.Handler), (nameof(options.Initializer), options.Initializer), (nameof(options.PreStop), options.PreStop)])
        {
            if (!string.IsNullOrWhiteSpace(value) && !(runtime == LocalRuntime.Java ? IsJavaMethod(value) : IsScriptFunction(value)))
            {
                yield return (key, $"'{value}' does not say what to call. Write {shape}.");
            }
        }
    }

    private static IEnumerable<(string Key, string Problem)> CheckServer(LocalFunctionOptions options)
    {
        if (options.Runtime is null or LocalRuntime.Custom)
        {
            if (options.Command is ["", ..])
            {
                yield return (nameof(options.Command), "the command starts with an empty text. Write the program first, e.g. [ \"./server\", \"--quiet\" ].");
            }

            if (options is { Runtime: LocalRuntime.Custom, Port: not null, Concurrency: > 1 })
            {
                yield return (nameof(options.Port), "only one process can listen on a port. Write \"Concurrency\": 1, or take Port out and listen on the port of FC_SERVER_PORT.");
            }

            yield break;
        }

        if (options.Command.Count > 0)
        {
            yield return (nameof(options.Command), "only a custom runtime is started by a command. Take Command out, or write \"Runtime\": \"custom\".");
        }

        if (options.Port is not null)
        {
            yield return (nameof(options.Port), "only a custom runtime listens on a port. Take Port out, or write \"Runtime\": \"custom\".");
        }
    }

    private static IEnumerable<(string Key, string Problem)> CheckEnvironment(LocalFunctionOptions options)
    {
        foreach (var (name, value) in options.Environment)
        {
            var key = $"{nameof(options.Environment)}:{name}";
            if (name.StartsWith("FC_", StringComparison.OrdinalIgnoreCase))
            {
                yield return (key, "names that begin with FC_ are the function service's own, which the host sets. Rename the variable.");
            }
            else if (!IsIdentifier(name))
            {
                yield return (key, "the name of a variable has letters, digits and '_' only, and begins with no digit. Rename it.");
            }
            else if (value.Contains('\0'))
            {
                yield return (key, "the value has a zero byte, which no variable can hold. Take it out.");
            }
        }
    }

    private static bool IsScriptFunction(string handler)
    {
        var dot = handler.LastIndexOf('.');
        return dot > 0
            && IsIdentifier(handler.AsSpan(dot + 1))
            && handler[dot - 1] is not ('/' or '.')
            && handler[0] is not ('/' or '\\')
            && !handler.AsSpan(0, dot).ContainsAny("\0:\\")
            && !handler.Split('/').Contains("..", StringComparer.Ordinal);
    }

    private static bool IsJavaMethod(string handler)
    {
        var colons = handler.IndexOf("::", StringComparison.Ordinal);
        return colons > 0
            && IsIdentifier(handler.AsSpan(colons + 2))
            && handler[..colons].Split('.').All(static part => IsIdentifier(part));
    }

    /// <summary>Letters, digits, '_' and '$', no digit first.</summary>
    private static bool IsIdentifier(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '$'))
            {
                return false;
            }
        }

        return text is [var first, ..] && !char.IsDigit(first);
    }
}
