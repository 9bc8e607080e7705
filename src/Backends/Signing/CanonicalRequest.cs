using System.Text;

namespace Gateway.Backends.Signing;

/// <summary>Writes the canonical request of ACS3, UTF-8, into a buffer of the caller.</summary>
/// <remarks>
/// Six parts, a line feed between them: method, path, query, headers (each line ends with a line feed, so that an empty line follows
/// them), names of the headers, hash of the payload.
/// </remarks>
/// <param name="buffer">At least <see cref="MaxLength"/> bytes.</param>
internal ref struct CanonicalRequest(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;
    private Range _signedHeaders;

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>Lower-case names of the headers, sorted, joined by semicolons; part of <see cref="Written"/>.</summary>
    public readonly ReadOnlySpan<byte> SignedHeaders => _buffer[_signedHeaders];

    /// <summary>A length that the canonical request cannot exceed, in bytes.</summary>
    public static int MaxLength(
        string method, ReadOnlySpan<char> pathAndQuery, ReadOnlySpan<SignedHeader> headers, ReadOnlySpan<char> payloadHash)
    {
        const int bytesPerChar = 3, escape = 3, lineFeeds = 8;

        // Each byte of the target may become an escape; each query name may get an equals sign, which takes no more than the ampersand.
        var length = method.Length + payloadHash.Length + lineFeeds + (bytesPerChar * escape * (pathAndQuery.Length + 1));
        foreach (var header in headers)
        {
            length += (2 * (header.Name.Length + 1)) + (bytesPerChar * header.Value.Length) + 1;
        }

        return length;
    }

    /// <summary>Writes the whole request.</summary>
    /// <param name="method">The method as sent.</param>
    /// <param name="pathAndQuery">The request target as sent.</param>
    /// <param name="headers">The headers to cover, sorted.</param>
    /// <param name="payloadHash">Lower-case hex SHA-256 of the body, or nothing.</param>
    public void Write(
        string method, ReadOnlySpan<char> pathAndQuery, ReadOnlySpan<SignedHeader> headers, ReadOnlySpan<char> payloadHash)
    {
        var mark = pathAndQuery.IndexOf('?');
        var path = mark < 0 ? pathAndQuery : pathAndQuery[..mark];

        WriteText(method);
        WriteByte('\n');
        _length += CanonicalUri.WritePath(path, _buffer[_length..]);
        WriteByte('\n');
        if (mark >= 0)
        {
            _length += CanonicalUri.WriteQuery(pathAndQuery[(mark + 1)..], _buffer[_length..]);
        }

        WriteByte('\n');
        WriteHeaders(headers);
        WriteByte('\n');
        WriteNames(headers);
        WriteByte('\n');
        WriteText(payloadHash);
    }

    /// <summary>One line per name; the values of a repeated name, sorted by the caller, are joined by commas.</summary>
    private void WriteHeaders(ReadOnlySpan<SignedHeader> headers)
    {
        for (var i = 0; i < headers.Length; i++)
        {
            if (IsRepeated(headers, i))
            {
                _buffer[_length - 1] = (byte)',';
            }
            else
            {
                WriteName(headers[i].Name);
                WriteByte(':');
            }

            WriteText(headers[i].Value.AsSpan().Trim());
            WriteByte('\n');
        }
    }

    private void WriteNames(ReadOnlySpan<SignedHeader> headers)
    {
        var start = _length;
        for (var i = 0; i < headers.Length; i++)
        {
            if (IsRepeated(headers, i))
            {
                continue;
            }

            if (_length > start)
            {
                WriteByte(';');
            }

            WriteName(headers[i].Name);
        }

        _signedHeaders = start.._length;
    }

    private static bool IsRepeated(ReadOnlySpan<SignedHeader> headers, int index)
        => index > 0 && headers[index].Name.Equals(headers[index - 1].Name, StringComparison.OrdinalIgnoreCase);

    private void WriteName(string name)
    {
        foreach (var c in name)
        {
            WriteByte(char.ToLowerInvariant(c));
        }
    }

    private void WriteText(ReadOnlySpan<char> text) => _length += Encoding.UTF8.GetBytes(text, _buffer[_length..]);

    private void WriteByte(char c) => _buffer[_length++] = (byte)c;
}
