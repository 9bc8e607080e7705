using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gateway.Commands.Signing;

namespace Gateway.Commands.Explaining;

/// <summary>What a client says it signed, in the shapes in which it turns up: with real line ends, with <c>\n</c>, or with <c>#</c> as in error messages.</summary>
internal static class ClientString
{
    /// <summary>Reads the value of <c>--client-string</c>: the file of that name, else it is the text itself.</summary>
    /// <param name="argument">The value; null when it was not given.</param>
    /// <param name="text">What the client signed; null when it was not given.</param>
    /// <param name="problem">Why the file cannot be read.</param>
    public static bool TryRead(string? argument, out string? text, [NotNullWhen(false)] out string? problem)
    {
        (text, problem) = (argument, null);
        try
        {
            text = argument is null ? null : Read(File.Exists(argument) ? File.ReadAllText(argument) : argument);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"the file of the client's string cannot be read: {exception.Message}";
        }

        return problem is null;
    }

    /// <summary>Reads the text itself, in any of its shapes.</summary>
    public static string Read(string text)
    {
        text = text.ReplaceLineEndings("\n");
        if (!text.Contains('\n', StringComparison.Ordinal))
        {
            text = text.Replace("\\n", "\n", StringComparison.Ordinal);
        }

        // The message of an error, whole: what stands between its back quotes.
        var quoted = text.IndexOf("StringToSign:`", StringComparison.Ordinal);
        if (quoted >= 0)
        {
            text = text[(quoted + "StringToSign:`".Length)..].TrimEnd('\n').TrimEnd('`');
        }

        return text;
    }

    /// <summary>Gives the string with its real line ends.</summary>
    /// <returns>False when it has none, so that a <c>#</c> may be one or may be itself.</returns>
    public static bool TryRestore(string text, out string restored)
    {
        restored = text.EndsWith('\n') ? text[..^1] : text; // An editor's; the string ends without one.
        return restored.Contains('\n', StringComparison.Ordinal);
    }

    /// <summary>What <see cref="Compare"/> says of a string that does not differ.</summary>
    public const string Same = "The client's string is the same, line by line.";

    /// <summary>Says which line is the first to differ from the server's, and how.</summary>
    public static string Compare(string server, string client)
    {
        // Where the client's has no line ends, the server's is written like it.
        var hasLines = TryRestore(client, out client);
        var expected = StringToSignText.Split(server);
        string[] lines = hasLines ? [.. client.Split('\n')] : [.. client.Split('#')];
        string[] known = [.. expected.SelectMany(line => hasLines ? line.Text.Split('\n') : line.Text.Split('#'))];
        for (var i = 0; i < Math.Max(lines.Length, known.Length); i++)
        {
            var (theirs, ours) = (i < lines.Length ? lines[i] : null, i < known.Length ? known[i] : null);
            if (theirs != ours)
            {
                var part = i < expected.Count ? expected[i].Part : "url";
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"First difference: line {i + 1}, {part}.\n  client  {Show(theirs)}\n  server  {Show(ours)}{Where(theirs, ours)}");
            }
        }

        return Same;
    }

    private static string Show(string? line) => line is null ? "(no such line)" : StringToSignText.Show(line);

    /// <summary>Points at the first character that differs, where two long lines look alike.</summary>
    private static string Where(string? theirs, string? ours)
    {
        if (string.IsNullOrEmpty(theirs) || string.IsNullOrEmpty(ours))
        {
            return "";
        }

        var same = theirs.AsSpan().CommonPrefixLength(ours);
        return same == 0 ? "" : $"\n          {new string(' ', StringToSignText.Show(ours[..same]).Length)}^";
    }
}
