using Gateway.Backends;
using Gateway.Contracts;
using Gateway.LocalFunctions;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for the addresses of a backend, or for doing without one.</summary>
internal static class BackendAddressValidator
{
    /// <summary>Adds the problems of one backend's addresses.</summary>
    public static void Validate(string name, FunctionOptions options, IReadOnlyDictionary<string, LocalFunctionOptions> localFunctions, string path, ValidationContext context)
    {
        var addressPath = $"{path}:{nameof(options.Address)}";
        var listPath = $"{path}:{nameof(options.Addresses)}";
        if (options.Address is not null && options.Addresses.Count > 0)
        {
            context.Add(
                addressPath,
                $"the backend has both Address and Addresses ({context.OriginOf(listPath)}). Keep one of them; write null over the other.");
        }

        if (options.Address is not null)
        {
            ValidateAddress(options.Address, addressPath, context);
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < options.Addresses.Count; i++)
        {
            ValidateAddress(options.Addresses[i], $"{listPath}:{i}", context);
            if (!seen.Add(options.Addresses[i].TrimEnd('/')))
            {
                context.Add($"{listPath}:{i}", "the address stands in the list twice. Take one out.");
            }
        }

        if (options.Address is null && options.Addresses.Count == 0 && !context.HasProblem(listPath))
        {
            ValidateLocal(name, options, localFunctions, path, context);
        }
        else if (options is not EventFunctionOptions && options.Function is not null)
        {
            context.Add(
                $"{path}:{nameof(options.Function)}",
                "Function cannot apply: a web function is called by its address alone. Take it out, or take out the address for a local function (Development only).");
        }
    }

    private static void ValidateAddress(string address, string path, ValidationContext context)
    {
        if (address.Contains('@') && Uri.TryCreate(address, UriKind.Absolute, out var withUser) && withUser.UserInfo.Length > 0)
        {
            // Not shown: it may hold a password.
            context.Add(path, "the address holds a user or password, which are not sent. Take out everything before the @.");
        }
        else if (!address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            && !address.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            context.Add(path, $"{Hide(address)} is not an address. Write http:// or https:// and the host, with a port if need be.");
        }
        else if (address.Any(static c => c is <= ' ' or > '~' or '\\')
            || !Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || uri.Host.Length == 0)
        {
            context.Add(path, $"{Hide(address)} is not an address. Write it as in https://host:8443, in ASCII and without blanks.");
        }
        else if (address.AsSpan().ContainsAny('?', '#'))
        {
            var mark = address.Contains('?') ? '?' : '#';
            context.Add(path, $"{Hide(address)} has a query or fragment, and these come from each request. Cut it at the {mark}.");
        }
    }

    /// <summary>An address that may hold a password where it is too broken to tell is not shown.</summary>
    private static string Hide(string address) => address.Contains('@') || address.Contains('?') ? "the value" : Show.Value(address);

    private static void ValidateLocal(
        string name, FunctionOptions options, IReadOnlyDictionary<string, LocalFunctionOptions> localFunctions, string path, ValidationContext context)
    {
        var addressPath = $"{path}:{nameof(options.Address)}";
        if (!context.IsDevelopment)
        {
            context.AddMissing(addressPath, "Write the address of the function; only in Development may a backend without one be a local function.");
            return;
        }

        if (options is EventFunctionOptions { Invoke: InvokeProtocol.CustomRuntime })
        {
            context.Add(
                $"{path}:{nameof(EventFunctionOptions.Invoke)}",
                "Invoke cannot apply: local functions are called as the function service calls them, custom runtimes too. Take it out, or write an address.");
        }

        var (kind, word) = options is EventFunctionOptions ? (LocalFunctionKind.Event, "event") : (LocalFunctionKind.Web, "web");
        var local = FindFunctions(kind, localFunctions, context);
        var function = options.Function ?? name;
        var isKnown = localFunctions.TryGetValue(function, out var known);
        if (local.Contains(function, StringComparer.Ordinal)
            || (isKnown ? known!.Runtime is null : context.KeysOf(LocalFunctionValidator.Section).Contains(function, StringComparer.OrdinalIgnoreCase)))
        {
            return; // One that is there and has problems of its own is told once.
        }

        if (kind == LocalFunctionKind.Web && localFunctions.Keys.Contains(function, StringComparer.Ordinal))
        {
            context.Add(addressPath, $"'{function}' is a local function of a built-in runtime, which gets events. Write \"Type\": \"EventFunction\", or give it \"Runtime\": \"custom\".");
        }
        else if (options.Function is not null)
        {
            context.Add(
                $"{path}:{nameof(options.Function)}",
                $"{Show.Value(function)} is not a local {word} function.{Suggestion.DidYouMean(function, local)} Write one of {Suggestion.List(local)}, or add an Address.");
        }
        else
        {
            context.AddMissing(
                addressPath,
                $"'{name}' is not a local {word} function either.{Suggestion.DidYouMean(name, local)} "
                    + $"Write an address, or name a local {word} function in Function: {Suggestion.List(local)}.");
        }
    }

    /// <summary>The functions that take what a backend of this kind sends: only a custom runtime takes both.</summary>
    private static List<string> FindFunctions(
        LocalFunctionKind kind, IReadOnlyDictionary<string, LocalFunctionOptions> localFunctions, ValidationContext context)
        => [.. context.BuiltInFunctions.Where(function => function.Value == kind).Select(static function => function.Key)
            .Concat(localFunctions.Where(function => kind == LocalFunctionKind.Event || function.Value.Runtime == LocalRuntime.Custom).Select(static function => function.Key))
            .Order(StringComparer.Ordinal)];
}
