using Gateway.Commands.Requests;
using Gateway.Configuration;
using Gateway.LocalFunctions;

namespace Gateway.Commands;

/// <summary>The arguments of the program, read.</summary>
internal sealed record Invocation
{
    private static readonly string[] ServerKeys = ["--urls", "--http_ports", "--https_ports"];
    private static readonly string[] Verbs = ["run", "validate", "routes", "sign", "explain", "event", "invoke", "schema", "healthcheck", "help"];

    /// <summary>What to do.</summary>
    public required string Verb { get; init; }

    /// <summary>Folder given with <c>--config</c>; null for the default.</summary>
    public string? Folder { get; init; }

    /// <summary>Environment given with <c>--stage</c> or <c>--environment</c>; null for the default.</summary>
    public string? Environment { get; init; }

    /// <summary>True for output as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>The request of <c>sign</c>, <c>explain</c>, <c>event</c> and <c>invoke</c>; null for the other verbs.</summary>
    public RequestArguments? Request { get; init; }

    /// <summary>Arguments that set configuration keys.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Reads the arguments.</summary>
    public static bool TryParse(string[] args, out Invocation invocation, out string? problem)
    {
        var rest = new Queue<string>(args);
        var verb = rest.TryPeek(out var first) && !first.StartsWith('-') ? rest.Dequeue() : "run";
        var request = verb is "sign" or "explain" or "event" or "invoke" ? new RequestArguments() : null;
        invocation = new Invocation { Verb = verb, Request = request };
        problem = Verbs.Contains(verb) ? null : $"there is no verb '{verb}'";
        var settings = new List<string>();
        while (problem is null && rest.TryDequeue(out var argument))
        {
            var (name, value) = Split(argument);
            switch (name)
            {
                case "--help" or "-h":
                    invocation = invocation with { Verb = "help" };
                    break;
                case "--json" when verb == "routes":
                    invocation = invocation with { Json = true };
                    break;
                case "--json":
                    problem = "--json belongs to the verb routes";
                    break;
                case "--config" or "--stage" or "--environment":
                    if ((value is null && !rest.TryDequeue(out value)) || value.Length == 0)
                    {
                        problem = $"{name} needs a value";
                    }

                    invocation = name == "--config" ? invocation with { Folder = value } : invocation with { Environment = ToEnvironment(value!) };
                    break;
                case var _ when IsSetting(name):
                    settings.Add(argument);
                    if (value is null)
                    {
                        if (rest.TryDequeue(out var next))
                        {
                            settings.Add(next);
                        }
                        else
                        {
                            problem = $"{name} needs a value";
                        }
                    }

                    break;
                case var _ when request is not null && request.TryTake(verb, argument, rest, out problem):
                    break;
                default:
                    problem = $"'{argument}' is not an option; keys of the configuration are written --Section:Key=value";
                    break;
            }
        }

        invocation = invocation with { Settings = settings };
        problem ??= invocation.Verb == "help" ? null : request?.Complete(verb);
        return problem is null;
    }

    /// <summary>What the configuration is read from: the folder asked for, else the current one if it holds an appsettings.json, else the program's.</summary>
    public ConfigurationSource ToSource(IEnumerable<LocalFunction> localFunctions)
    {
        var folder = Folder ?? NonEmpty("GATEWAY_CONFIG")
            ?? (File.Exists(ConfigurationSource.BaseFileName) ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory);
        return new ConfigurationSource
        {
            Folder = Path.GetFullPath(folder),
            Environment = Environment ?? NonEmpty("ASPNETCORE_ENVIRONMENT") ?? NonEmpty("DOTNET_ENVIRONMENT") ?? Environments.Production,
            Arguments = Settings,
            BuiltInFunctions = localFunctions.ToDictionary(
                static function => function.Name,
                static function => function.Kind,
                StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <summary>Keys of the configuration have a section; without one only the server's own are known, so that a misspelt option is not taken for a key.</summary>
    private static bool IsSetting(string name)
        => name.StartsWith("--", StringComparison.Ordinal)
            && (name.Contains(':', StringComparison.Ordinal) || ServerKeys.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=');
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    /// <summary>A stage's name on the wire stands for its environment.</summary>
    private static string ToEnvironment(string name) => name switch
    {
        "RELEASE" => Environments.Production,
        "PRE" => "Pre",
        "TEST" => "Test",
        _ => name,
    };

    private static string? NonEmpty(string variable) => System.Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
