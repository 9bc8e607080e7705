namespace Gateway.Configuration.Reading;

/// <summary>Reads arguments that set keys: <c>--Key:Sub=value</c> and <c>--Key:Sub value</c>.</summary>
internal static class CommandLineReader
{
    private const string Prefix = "--";

    /// <summary>The arguments as a tree.</summary>
    public static ConfigNode Read(IReadOnlyList<string> arguments, ProblemList problems)
    {
        var values = new List<FlatValue>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            var origin = new ConfigOrigin(ConfigLayer.CommandLine, name);
            if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name.Length == Prefix.Length)
            {
                // The word itself may be a secret that lost its key, so it is not shown.
                problems.Add("", origin with { Name = $"argument {i + 1}" }, "this is not a key. Write --Key:Sub=value.");
            }
            else if (equals >= 0)
            {
                values.Add(new FlatValue(name[Prefix.Length..], argument[(equals + 1)..], origin));
            }
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith(Prefix, StringComparison.Ordinal))
            {
                values.Add(new FlatValue(name[Prefix.Length..], arguments[++i], origin));
            }
            else
            {
                problems.Add(name[Prefix.Length..], origin, $"the key has no value. Write {name}=value.");
            }
        }

        return FlatTree.Build(values, ConfigLayer.CommandLine, problems);
    }
}
