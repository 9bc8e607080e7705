using Gateway.Contracts;

namespace Gateway.Commands.Explaining;

/// <summary>What to do about an error: the last column of docs/errors.md, which the program carries with it.</summary>
internal static class ErrorGuide
{
    private const string ResourceName = "errors.md";
    private static readonly Lazy<Dictionary<string, string>> Cures = new(Read);

    /// <summary>The cure, as one line of plain text; empty for a code without one.</summary>
    public static string CureOf(GatewayError error) => Cures.Value.GetValueOrDefault(error.Code, "");

    private static Dictionary<string, string> Read()
    {
        using var reader = new StreamReader(typeof(ErrorGuide).Assembly.GetManifestResourceStream(ResourceName)!);
        var cures = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("| `", StringComparison.Ordinal) && line.Trim('|', ' ').Split(" | ") is [var code, .., var cure])
            {
                cures[code.Trim('`')] = cure.Replace("`", "", StringComparison.Ordinal);
            }
        }

        return cures;
    }
}
