using System.Buffers.Text;
using System.Text;

namespace Gateway.Backends.EventFunctions;

/// <summary>Resolves the escapes of a JSON string where it lies: what comes out is never longer than what went in.</summary>
internal static class JsonText
{
    /// <summary>Replaces every escape of <paramref name="text"/>.</summary>
    /// <param name="text">The string without its quotes. A JSON reader has accepted it, so every escape is complete.</param>
    /// <param name="length">Length of the result, which begins where the text began.</param>
    /// <returns>False when an escaped surrogate has no partner: such text has no form in UTF-8. The text is then spoilt.</returns>
    public static bool TryUnescapeInPlace(Span<byte> text, out int length)
    {
        var read = 0;
        length = 0;
        while (true)
        {
            var run = text[read..].IndexOf((byte)'\\');
            var plain = run < 0 ? text.Length - read : run;
            text.Slice(read, plain).CopyTo(text[length..]);
            length += plain;
            read += plain;
            if (run < 0)
            {
                return true;
            }

            if (text[read + 1] != 'u')
            {
                text[length++] = ShortEscape(text[read + 1]);
                read += 2;
            }
            else if (TryReadRune(text[read..], out var rune, out var consumed))
            {
                length += rune.EncodeToUtf8(text[length..]);
                read += consumed;
            }
            else
            {
                return false;
            }
        }
    }

    private static byte ShortEscape(byte letter) => letter switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => letter, // " \ and /
    };

    private static bool TryReadRune(ReadOnlySpan<byte> escape, out Rune rune, out int consumed)
    {
        consumed = 6;
        var unit = ReadUnit(escape);
        if (!char.IsHighSurrogate(unit))
        {
            return Rune.TryCreate(unit, out rune);
        }

        consumed = 12;
        rune = default;
        return escape.Length >= 12 && escape[6] == '\\' && escape[7] == 'u' && Rune.TryCreate(unit, ReadUnit(escape[6..]), out rune);
    }

    private static char ReadUnit(ReadOnlySpan<byte> escape)
    {
        _ = Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x');
        return (char)unit;
    }
}
