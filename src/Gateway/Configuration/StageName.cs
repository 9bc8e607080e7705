using System.Collections.Immutable;

namespace Gateway.Configuration;

/// <summary>The names of stages on the wire (<c>X-Ca-Stage</c>) and the environments they come from.</summary>
internal static class StageName
{
    /// <summary>The environment of a developer's machine, which serves any stage.</summary>
    public const string Development = "Development";

    private const int Shortest = 2;
    private const int Longest = 10;

    private static readonly ImmutableArray<(string Environment, string? Stage)> Environments =
        [("Production", "RELEASE"), ("Pre", "PRE"), ("Test", "TEST"), (Development, null)];

    /// <summary>Whether a text can be the name of a stage: 2 to 10 upper-case letters or digits.</summary>
    public static bool IsValid(string text)
        => text.Length is >= Shortest and <= Longest && text.All(static c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    /// <summary>The stage of an environment; null for any.</summary>
    public static string? Of(string environment) => Environments.FirstOrDefault(known => known.Environment == environment).Stage;

    /// <summary>Why an environment cannot be served, or null when it can.</summary>
    /// <param name="environment">Its name.</param>
    /// <param name="hasStage">Whether <c>Gateway:Stage</c> is set.</param>
    /// <param name="hasFile">Whether the environment has a file of its own.</param>
    public static string? Refuse(string environment, bool hasStage, bool hasFile)
    {
        var file = $"appsettings.{environment}.json";
        foreach (var (known, _) in Environments)
        {
            if (known == environment)
            {
                return null;
            }

            // Even where the file system ignores case: the same container would miss its file on Linux.
            if (known.Equals(environment, StringComparison.OrdinalIgnoreCase))
            {
                return $"'{environment}' is not an environment: names are case-sensitive, "
                    + $"and '{file}' is not 'appsettings.{known}.json'. Write {known}.";
            }
        }

        return hasStage && hasFile && environment.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? null
            : $"'{environment}' is not an environment. Use Production, Pre, Test or Development; "
                + $"for a stage of your own set Gateway:Stage and add {file}.";
    }
}
