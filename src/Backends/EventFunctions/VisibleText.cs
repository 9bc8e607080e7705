using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Backends.EventFunctions;

/// <summary>Shows the beginning of foreign bytes in a log, where no control character of theirs may act.</summary>
internal static class VisibleText
{
    /// <summary>Bytes that are shown.</summary>
    private const int Longest = 200;

    /// <summary>The first 200 bytes as text; what is no printable UTF-8 becomes <c>\x0a</c> or <c>\u2028</c>.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes.Length > Longest ? bytes[..Longest] : bytes;
        var text = new StringBuilder(rest.Length);
        while (!rest.IsEmpty)
        {
            var isText = Rune.DecodeFromUtf8(rest, out var rune, out var width) == OperationStatus.Done;
            if (isText && IsHarmless(rune))
            {
                text.Append(rune.ToString());
            }
            else if (isText && rune.Value > 0xFF)
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
            else
            {
                foreach (var b in rest[..width])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
                }
            }

            rest = rest[width..];
        }

        return text.ToString();
    }

    /// <summary>No control, and none of the characters that break a line or reorder what stands around them.</summary>
    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
