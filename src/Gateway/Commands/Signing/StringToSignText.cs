using System.Globalization;
using System.Text;

namespace Gateway.Commands.Signing;

/// <summary>One line of a string-to-sign.</summary>
/// <param name="Part">What the line holds: <c>method</c>, <c>Accept</c>, …, <c>header</c>, <c>url</c>.</param>
/// <param name="Text">Its text, without the line end.</param>
internal sealed record SignedLine(string Part, string Text);

/// <summary>A string-to-sign for people: its lines by number and meaning.</summary>
internal static class StringToSignText
{
    private static readonly string[] FixedParts = ["method", "Accept", "Content-MD5", "Content-Type", "Date"];

    /// <summary>Cuts a string-to-sign. The last line is the URL, whose decoded parameters may hold line ends of their own.</summary>
    public static IReadOnlyList<SignedLine> Split(string text)
    {
        var lines = new List<SignedLine>();
        var rest = text;
        while (rest.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end && (lines.Count < FixedParts.Length || !rest.StartsWith('/')))
        {
            lines.Add(new SignedLine(lines.Count < FixedParts.Length ? FixedParts[lines.Count] : "header", rest[..end]));
            rest = rest[(end + 1)..];
        }

        lines.Add(new SignedLine("url", rest));
        return lines;
    }

    /// <summary>The lines as a table, each ended by <c>\n</c>.</summary>
    public static string Write(string text)
    {
        var table = new StringBuilder();
        var lines = Split(text);
        for (var i = 0; i < lines.Count; i++)
        {
            table.Append(CultureInfo.InvariantCulture, $"  {i + 1,3}  {lines[i].Part,-12}  {Show(lines[i].Text)}").Append('\n');
        }

        return table.ToString();
    }

    /// <summary>A line with what cannot be seen made visible.</summary>
    public static string Show(string text)
    {
        if (text.Length == 0)
        {
            return "(empty)";
        }

        var shown = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                '\t' => shown.Append("\\t"),
                _ when char.IsControl(c) => shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => shown.Append(c),
            };
        }

        return shown.ToString();
    }
}
