using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gateway.Contracts;

/// <summary>Percent-decoding, once, as strict UTF-8.</summary>
public static class PercentEncoding
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes a path segment, keeping <c>%2F</c> as it stands, so that a slash never appears inside a segment.</summary>
    /// <returns>False when an escape is broken or the bytes are not UTF-8.</returns>
    public static bool TryDecodeSegment(ReadOnlySpan<char> segment, [NotNullWhen(true)] out string? decoded)
        => TryDecode(segment, plusIsSpace: false, keepSlash: true, out decoded);

    /// <summary>Decodes text, <c>%2F</c> included.</summary>
    /// <param name="text">The text as sent.</param>
    /// <param name="plusIsSpace">True in a query, where <c>+</c> is a space.</param>
    /// <param name="decoded">The decoded text.</param>
    /// <returns>False when an escape is broken or the bytes are not UTF-8.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, bool plusIsSpace, [NotNullWhen(true)] out string? decoded)
        => TryDecode(text, plusIsSpace, keepSlash: false, out decoded);

    /// <summary>The value of two hex digits at <paramref name="index"/>, or -1.</summary>
    public static int HexByte(ReadOnlySpan<char> text, int index)
        => index + 1 < text.Length && char.IsAsciiHexDigit(text[index]) && char.IsAsciiHexDigit(text[index + 1])
            ? (HexDigit(text[index]) << 4) | HexDigit(text[index + 1])
            : -1;

    /// <summary>The value of two hex digits at <paramref name="index"/> of ASCII or UTF-8 text, or -1.</summary>
    public static int HexByte(ReadOnlySpan<byte> text, int index)
        => index + 1 < text.Length ? HexByte([(char)text[index], (char)text[index + 1]], 0) : -1;

    private static int HexDigit(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;

    private static bool TryDecode(ReadOnlySpan<char> text, bool plusIsSpace, bool keepSlash, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        if (!text.Contains('%') && !(plusIsSpace && text.Contains('+')))
        {
            decoded = text.ToString();
            return true;
        }

        var longest = StrictUtf8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        var bytes = longest <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(longest);
        try
        {
            var length = 0;
            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                if (c == '%')
                {
                    var value = HexByte(text, i + 1);
                    if (value < 0)
                    {
                        return false;
                    }

                    if (keepSlash && value == '/')
                    {
                        bytes[length++] = (byte)'%';
                        bytes[length++] = (byte)text[i + 1];
                        bytes[length++] = (byte)text[i + 2];
                    }
                    else
                    {
                        bytes[length++] = (byte)value;
                    }

                    i += 2;
                }
                else if (c == '+' && plusIsSpace)
                {
                    bytes[length++] = (byte)' ';
                }
                else if (c < 0x80)
                {
                    bytes[length++] = (byte)c;
                }
                else
                {
                    // Unencoded text beyond ASCII: allowed in a template, refused in a request before it comes here.
                    var width = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
                    if (Encoding.UTF8.TryGetBytes(text.Slice(i, width), bytes[length..], out var written))
                    {
                        length += written;
                    }

                    i += width - 1;
                }
            }

            decoded = StrictUtf8.GetString(bytes[..length]);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
