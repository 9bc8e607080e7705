using System.Globalization;
using System.Text;

namespace Gateway.LocalFunctions;

/// <summary>Shows what a function wrote in a log, where none of it may act on the terminal or pass for a line of the log's own.</summary>
internal static class LogText
{
    private const string NextLine = "\n    ";

    /// <summary>One line: controls and the characters that break or reorder lines become <c>\x1b</c> or <c>\u2028</c>; tabs stay.</summary>
    /// <param name="text">What was written; returned as it is when it is harmless, as nearly all is.</param>
    public static string Line(string text)
    {
        var harmful = FirstHarmful(text);
        if (harmful < 0)
        {
            return text;
        }

        var shown = new StringBuilder(text, 0, harmful, text.Length + 16);
        foreach (var c in text.AsSpan(harmful))
        {
            _ = IsHarmless(c) ? shown.Append(c)
                : c <= '\u00ff' ? shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}")
                : shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return shown.ToString();
    }

    /// <summary>Several lines, as <see cref="Line"/> shows each; those after the first are indented, as no line of the log is.</summary>
    public static string Lines(string text)
        => FirstHarmful(text) < 0 ? text : string.Join(NextLine, text.Split('\n').Select(static line => Line(line.TrimEnd('\r'))));

    private static int FirstHarmful(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsHarmless(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Printable ASCII first: the categories are a look-up.</summary>
    private static bool IsHarmless(char c) => c is (>= ' ' and <= '~') or '\t' || char.GetUnicodeCategory(c)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
