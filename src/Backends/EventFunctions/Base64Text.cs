using System.Buffers;
using System.Buffers.Text;

namespace Gateway.Backends.EventFunctions;

/// <summary>Decodes the Base64 of a function's body where it lies, with what functions get wrong and no more.</summary>
internal static class Base64Text
{
    private const int DigitsAtOnce = 2048;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Decodes <paramref name="text"/>. Blanks and line breaks may stand anywhere, and padding may be missing or short.</summary>
    /// <param name="text">UTF-8 text, unescaped.</param>
    /// <param name="length">Length of the bytes, which begin where the text began.</param>
    /// <param name="position">Index of the first byte that does not belong there; the text's length when it ends too early.</param>
    public static bool TryDecodeInPlace(Span<byte> text, out int length, out int position)
    {
        length = 0;
        if (!TryCompact(text, out var digits, out position))
        {
            return false;
        }

        var whole = digits & ~3;
        var rest = digits - whole;
        if (rest == 1)
        {
            position = text.Length;
            return false;
        }

        Span<byte> last = stackalloc byte[4];
        last.Fill((byte)'=');
        text.Slice(whole, rest).CopyTo(last);
        length = DecodeWhole(text[..whole]);
        if (rest > 0)
        {
            Base64.DecodeFromUtf8InPlace(last, out var written);
            last[..written].CopyTo(text[length..]);
            length += written;
        }

        return true;
    }

    /// <summary>Decodes whole groups of four digits to where they began. In pieces through the stack, because the framework's decoding in place is not vectorised.</summary>
    private static int DecodeWhole(Span<byte> digits)
    {
        Span<byte> piece = stackalloc byte[DigitsAtOnce / 4 * 3];
        var length = 0;
        for (var read = 0; read < digits.Length; read += DigitsAtOnce)
        {
            var some = digits[read..Math.Min(read + DigitsAtOnce, digits.Length)];
            Base64.DecodeFromUtf8(some, piece, out _, out var written);
            piece[..written].CopyTo(digits[length..]);
            length += written;
        }

        return length;
    }

    /// <summary>Moves the digits together. Nothing moves unless all of the text is in order.</summary>
    private static bool TryCompact(Span<byte> text, out int digits, out int position)
    {
        digits = text.IndexOfAnyExcept(Digits);
        position = 0;
        if (digits < 0)
        {
            digits = text.Length;
            return true;
        }

        if (!IsInOrder(text, digits, out position))
        {
            return false;
        }

        for (var i = digits; i < text.Length; i++)
        {
            if (Digits.Contains(text[i]))
            {
                text[digits++] = text[i];
            }
        }

        return true;
    }

    private static bool IsInOrder(ReadOnlySpan<byte> text, int digits, out int position)
    {
        var padding = 0;
        for (position = digits; position < text.Length; position++)
        {
            var c = text[position];
            if (c == '=')
            {
                if (++padding > LongestPadding(digits))
                {
                    return false;
                }
            }
            else if (Digits.Contains(c) && padding == 0)
            {
                digits++;
            }
            else if (!Blanks.Contains(c))
            {
                return false;
            }
        }

        return true;
    }

    private static int LongestPadding(int digits) => (digits & 3) switch
    {
        2 => 2,
        3 => 1,
        _ => 0,
    };
}
