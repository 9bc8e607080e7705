using System.Text;
using System.Text.Unicode;
using Gateway.Contracts;

namespace Gateway.Policies.Authentication.Signatures;

/// <summary>Decodes names and values of a query or form as clients sign them: percent-decoded, <c>+</c> as a space, as UTF-8.</summary>
/// <remarks>What cannot be decoded stays as it stands, so that no two requests which differ there are taken for the same.</remarks>
internal static class ParameterDecoder
{
    /// <summary>How many bytes of UTF-8 a byte of another charset may become.</summary>
    public const int LargestGrowth = 3;

    /// <summary>Decodes one name or value.</summary>
    /// <param name="source">The text as sent.</param>
    /// <param name="destination">Takes the result: as many bytes as the source has, <see cref="LargestGrowth"/> times as many with a charset.</param>
    /// <param name="charset">The charset of the source; null for UTF-8.</param>
    /// <returns>Bytes written.</returns>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination, Encoding? charset)
    {
        if (!source.ContainsAny((byte)'%', (byte)'+') && (charset is null || Ascii.IsValid(source)))
        {
            source.CopyTo(destination);
            return source.Length;
        }

        if (TryUnescape(source, destination, out var length) && TryTranscode(destination, ref length, charset))
        {
            return length;
        }

        source.CopyTo(destination);
        return source.Length;
    }

    private static bool TryUnescape(ReadOnlySpan<byte> source, Span<byte> destination, out int length)
    {
        length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            var value = source[i];
            if (value == '%')
            {
                var escaped = PercentEncoding.HexByte(source, i + 1);
                if (escaped < 0)
                {
                    return false;
                }

                value = (byte)escaped;
                i += 2;
            }
            else if (value == '+')
            {
                value = (byte)' ';
            }

            destination[length++] = value;
        }

        return true;
    }

    private static bool TryTranscode(Span<byte> bytes, ref int length, Encoding? charset)
    {
        if (charset is null)
        {
            return Utf8.IsValid(bytes[..length]);
        }

        if (!Ascii.IsValid(bytes[..length]))
        {
            var text = charset.GetString(bytes[..length]);
            if (text.Contains('\uFFFD', StringComparison.Ordinal))
            {
                return false;
            }

            length = Encoding.UTF8.GetBytes(text, bytes);
        }

        return true;
    }
}
