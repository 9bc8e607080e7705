using System.Buffers;
using System.Text;
using Gateway.Contracts;

namespace Gateway.Backends.Signing;

/// <summary>The two parts of the canonical request that come from the request target: path and query.</summary>
/// <remarks>
/// Both are brought to one spelling, whatever the client's was: bytes of RFC 3986's unreserved set stand as they are, all others as
/// upper-case escapes. So <c>$</c> becomes <c>%24</c>, <c>*</c> <c>%2A</c> and <c>%7e</c> <c>~</c>; an escaped slash stays escaped.
/// The request itself goes out as the client spelled it.
/// </remarks>
internal static class CanonicalUri
{
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"u8);

    /// <summary>Writes the canonical path; <c>/</c> for an empty one.</summary>
    /// <param name="path">The path as sent.</param>
    /// <param name="destination">Room for nine bytes per character, at least one.</param>
    /// <returns>The number of bytes written.</returns>
    public static int WritePath(ReadOnlySpan<char> path, Span<byte> destination)
    {
        if (path.IsEmpty)
        {
            destination[0] = (byte)'/';
            return 1;
        }

        var length = 0;
        foreach (var segment in path.Split('/'))
        {
            if (segment.Start.Value > 0)
            {
                destination[length++] = (byte)'/';
            }

            length += WriteNormalized(path[segment], destination[length..]);
        }

        return length;
    }

    /// <summary>Writes the canonical query: sorted by name, the first value of each, <c>name=</c> where there is none.</summary>
    /// <param name="query">The query as sent, without its question mark; <c>+</c> is a space.</param>
    /// <param name="destination">Room for nine bytes per character, at least one more.</param>
    /// <returns>The number of bytes written.</returns>
    public static int WriteQuery(ReadOnlySpan<char> query, Span<byte> destination)
    {
        var decoded = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(query.Length));
        var pairs = ArrayPool<Pair>.Shared.Rent(query.Count('&') + 1);
        try
        {
            var count = ReadPairs(query, decoded, pairs);
            if (count > 1)
            {
                pairs.AsSpan(0, count).Sort(new ByName(decoded));
            }

            return WritePairs(decoded, pairs.AsSpan(0, count), destination);
        }
        finally
        {
            ArrayPool<Pair>.Shared.Return(pairs);
            ArrayPool<byte>.Shared.Return(decoded);
        }
    }

    private static int ReadPairs(ReadOnlySpan<char> query, Span<byte> decoded, Span<Pair> pairs)
    {
        int count = 0, length = 0;
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.IndexOf('=');
            var name = equals < 0 ? pair : pair[..equals];
            var start = length;
            length += Decode(name, plusIsSpace: true, decoded[length..]);
            var middle = length;
            length += Decode(equals < 0 ? default : pair[(equals + 1)..], plusIsSpace: true, decoded[length..]);
            pairs[count++] = new Pair(start, middle, length);
        }

        return count;
    }

    private static int WritePairs(ReadOnlySpan<byte> decoded, ReadOnlySpan<Pair> pairs, Span<byte> destination)
    {
        var length = 0;
        for (var i = 0; i < pairs.Length; i++)
        {
            var name = pairs[i].Name(decoded);
            if (i > 0 && name.SequenceEqual(pairs[i - 1].Name(decoded)))
            {
                continue;
            }

            if (i > 0)
            {
                destination[length++] = (byte)'&';
            }

            length += Encode(name, destination[length..]);
            destination[length++] = (byte)'=';
            length += Encode(pairs[i].Value(decoded), destination[length..]);
        }

        return length;
    }

    private static int WriteNormalized(ReadOnlySpan<char> text, Span<byte> destination)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        var bytes = longest <= 256 ? stackalloc byte[256] : rented = ArrayPool<byte>.Shared.Rent(longest);
        var length = Encode(bytes[..Decode(text, plusIsSpace: false, bytes)], destination);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return length;
    }

    /// <summary>Undoes percent-encoding, byte by byte: the bytes need not be UTF-8, and a broken escape stands for itself.</summary>
    private static int Decode(ReadOnlySpan<char> text, bool plusIsSpace, Span<byte> destination)
    {
        var length = Encoding.UTF8.GetBytes(text, destination);
        int read = 0, written = 0;
        while (read < length)
        {
            var b = destination[read++];
            if (b == '%' && PercentEncoding.HexByte(destination[..length], read) is var value and >= 0)
            {
                b = (byte)value;
                read += 2;
            }
            else if (b == '+' && plusIsSpace)
            {
                b = (byte)' ';
            }

            destination[written++] = b;
        }

        return written;
    }

    private static int Encode(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        var hex = "0123456789ABCDEF"u8;
        var length = 0;
        foreach (var b in bytes)
        {
            if (Unreserved.Contains(b))
            {
                destination[length++] = b;
            }
            else
            {
                destination[length++] = (byte)'%';
                destination[length++] = hex[b >> 4];
                destination[length++] = hex[b & 15];
            }
        }

        return length;
    }

    /// <summary>Where name and value of one parameter lie in the decoded query.</summary>
    private readonly record struct Pair(int Start, int Middle, int End)
    {
        public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> decoded) => decoded[Start..Middle];

        public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> decoded) => decoded[Middle..End];
    }

    /// <summary>Orders by name, then as sent, so that the first value of a name comes first.</summary>
    private sealed class ByName(byte[] decoded) : IComparer<Pair>
    {
        public int Compare(Pair x, Pair y)
        {
            var order = x.Name(decoded).SequenceCompareTo(y.Name(decoded));
            return order != 0 ? order : x.Start.CompareTo(y.Start);
        }
    }
}
