namespace Gateway.Commands.Requests;

/// <summary>A header as given.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; null takes away a header that curl sends by itself.</param>
internal sealed record HeaderArgument(string Name, string? Value);

/// <summary>A part of the body as given.</summary>
/// <param name="Text">The text, or the path of a file.</param>
/// <param name="IsFile">Whether it is a file.</param>
internal sealed record BodyArgument(string Text, bool IsFile);

/// <summary>Arguments of the verbs about one request: the request, described the way curl's arguments do, and the verb's own options.</summary>
/// <remarks>A curl line may be pasted as it is: the word <c>curl</c> and switches that change nothing about the request are passed over.</remarks>
internal sealed class RequestArguments
{
    private static readonly string[] PassedOver =
        ["-i", "-s", "-S", "-sS", "-v", "-N", "-k", "-g", "--include", "--silent", "--verbose", "--no-buffer", "--insecure", "--globoff", "--path-as-is"];

    private readonly List<string> _positional = [];
    private readonly List<HeaderArgument> _headers = [];
    private readonly List<BodyArgument> _bodies = [];
    private readonly List<KeyValuePair<string, string>> _options = [];

    /// <summary>Method given with <c>-X</c> or before the URL; null for curl's choice.</summary>
    public string? Method { get; private set; }

    /// <summary>The API that <c>invoke</c> and <c>event</c> name; null for the other verbs.</summary>
    public string? Api { get; private set; }

    /// <summary>The URL, of <c>invoke</c> and <c>event</c> also a path; null when <see cref="File"/> or <c>--event</c> is there instead.</summary>
    public string? Url { get; private set; }

    /// <summary>Path of a file with a raw HTTP/1.1 request; null when there is a URL.</summary>
    public string? File { get; private set; }

    /// <summary>Headers in order.</summary>
    public IReadOnlyList<HeaderArgument> Headers => _headers;

    /// <summary>The body, in parts that <c>&amp;</c> joins.</summary>
    public IReadOnlyList<BodyArgument> Bodies => _bodies;

    /// <summary>The last value of an option of the verb, e.g. <c>--app</c>; null when it was not given.</summary>
    public string? Option(string name) => Options(name).LastOrDefault();

    /// <summary>All values of an option of the verb, in order.</summary>
    public IEnumerable<string> Options(string name) => _options.Where(option => option.Key == name).Select(static option => option.Value);

    /// <summary>Takes one argument, with its value where it has one.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="argument">The argument.</param>
    /// <param name="rest">What follows it.</param>
    /// <param name="problem">What is wrong with it; null when nothing is.</param>
    /// <returns>False when the argument is none of the verb's.</returns>
    public bool TryTake(string verb, string argument, Queue<string> rest, out string? problem)
    {
        problem = null;
        if (PassedOver.Contains(argument))
        {
            return true;
        }

        if (argument.Length < 2 || argument[0] != '-')
        {
            _positional.Add(argument);
            return true;
        }

        var (name, value) = Split(argument);
        switch (TakesValue(verb, name))
        {
            case null:
                return false;
            case true when value is null && !rest.TryDequeue(out value):
                problem = $"{name} needs a value";
                return true;
            default:
                problem = Set(verb, name, value ?? "");
                return true;
        }
    }

    /// <summary>Sorts out method and URL, once all arguments are read.</summary>
    /// <param name="verb">The verb.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Complete(string verb)
    {
        if (IsAboutFunction(verb))
        {
            if (_positional.Count == 0)
            {
                return "name the API first, as in: gateway invoke greet GET /hello/ann";
            }

            Api = _positional[0];
            _positional.RemoveAt(0);
        }

        if (_positional is ["curl", ..])
        {
            _positional.RemoveAt(0);
        }

        var requested = Option("--request");
        switch (_positional)
        {
            case [] when requested is not null:
                File = requested;
                return null;
            case [] when Option("--event") is not null:
                return _headers.Count + _bodies.Count == 0 && Method is null ? null : "an event of --event is sent as it is: give a request or the file, not both";
            case [] when verb == "invoke":
                return "say what to send: a request, e.g. GET /hello/ann, or --event FILE";
            case [] when verb == "event":
                return "say which request the event is of, e.g. GET /hello/ann";
            case []:
                return "the request needs a URL";
            case [_, ..] when Option("--event") is not null:
                return "an event of --event is sent as it is: give a request or the file, not both";
            case [var url]:
                (Method, Url) = (requested ?? Method, url); // Beside a URL, --request is curl's word for the method.
                return null;
            case [var method, var url]:
                (Method, Url) = (method, url);
                return null;
            default:
                return $"'{_positional[2]}' is one word too many: give a method and a URL, and quote what a shell would split";
        }
    }

    private static bool IsAboutFunction(string verb) => verb is "invoke" or "event";

    /// <summary>True for an option with a value, false for a switch, null for none of the verb's.</summary>
    private static bool? TakesValue(string verb, string name) => (verb, name) switch
    {
        (_, "-X" or "-H" or "--header" or "-d" or "--data" or "--data-raw" or "--data-binary" or "--request") => true,
        (_, "-I" or "--head") => false,
        ("sign", "--app" or "--key" or "--secret" or "--method" or "--sign-header") => true,
        ("sign", "--no-nonce" or "--curl") => false,
        ("explain", "--from" or "--client-string") => true,
        ("invoke", "--event" or "--output") => true,
        _ => null,
    };

    private string? Set(string verb, string name, string value)
    {
        switch (name)
        {
            case "-X":
            case "--request" when verb != "explain":
                Method = value;
                return null;
            case "-I" or "--head":
                Method = HttpMethods.Head;
                return null;
            case "-H" or "--header":
                return AddHeader(value);
            case "-d" or "--data" or "--data-binary" when value == "@":
                return $"{name} needs a file behind the @";
            case "-d" or "--data" or "--data-binary":
                _bodies.Add(value.StartsWith('@') ? new BodyArgument(value[1..], IsFile: true) : new BodyArgument(value, IsFile: false));
                return null;
            case "--data-raw":
                _bodies.Add(new BodyArgument(value, IsFile: false));
                return null;
            default:
                _options.Add(new(name, value));
                return value.Length == 0 && TakesValue(verb, name) == true && name != "--client-string" ? $"{name} needs a value" : null;
        }
    }

    /// <summary><c>Name: value</c>; as in curl, <c>Name:</c> takes a header away and <c>Name;</c> sends an empty one.</summary>
    private string? AddHeader(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            var value = text[(colon + 1)..].Trim();
            _headers.Add(new HeaderArgument(text[..colon].Trim(), value.Length == 0 ? null : value));
            return null;
        }

        if (colon < 0 && text.Length > 1 && text.EndsWith(';'))
        {
            _headers.Add(new HeaderArgument(text[..^1], ""));
            return null;
        }

        return $"'{text}' is not a header; write 'Name: value'";
    }

    /// <summary><c>--name=value</c> and, for one letter, <c>-Xvalue</c>.</summary>
    private static (string Name, string? Value) Split(string argument)
    {
        if (argument[1] != '-')
        {
            return argument.Length > 2 ? (argument[..2], argument[2..]) : (argument, null);
        }

        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }
}
