using System.Buffers;
using System.Text;

namespace Gateway.Policies.Authentication.Signatures;

/// <summary>The parameters of query and form, decoded and sorted, as the last line of a string-to-sign holds them. Its owner disposes it once.</summary>
internal ref struct SignedParameters : IDisposable
{
    /// <summary>Parameters of query and form together that are read; reading and sorting them costs an attacker nothing.</summary>
    public const int MostParameters = 16 * 1024;

    /// <summary>Up to here sorting in place, without the comparer that a sort of the framework needs, is faster.</summary>
    private const int FewParameters = 24;

    private readonly byte[] _bytes;
    private readonly Parameter[] _entries;
    private int _length;
    private int _count;

    private SignedParameters(int bytes, int entries)
    {
        _bytes = bytes == 0 ? [] : ArrayPool<byte>.Shared.Rent(bytes);
        _entries = entries == 0 ? [] : ArrayPool<Parameter>.Shared.Rent(entries);
    }

    /// <summary>True when a name stands more than once: only its first value is signed.</summary>
    public bool HasRepeated { get; private set; }

    /// <summary>True when a name stands in the query and in the form: the documentation leaves open which of the two is signed.</summary>
    public bool HasClash { get; private set; }

    /// <summary>Reads the parameters.</summary>
    /// <param name="query">The query as sent, without its question mark.</param>
    /// <param name="form">The form as sent; empty when there is none.</param>
    /// <param name="charset">The form's charset; null for UTF-8.</param>
    /// <param name="parameters">The parameters; nothing to dispose when there were too many.</param>
    /// <returns>False when there are more than <see cref="MostParameters"/>.</returns>
    public static bool TryRead(ReadOnlySpan<char> query, ReadOnlySpan<byte> form, Encoding? charset, out SignedParameters parameters)
    {
        parameters = default;
        var count = (query.IsEmpty ? 0 : query.Count('&') + 1) + (form.IsEmpty ? 0 : form.Count((byte)'&') + 1);
        if (count > MostParameters)
        {
            return false;
        }

        // The query as UTF-8, then each name and value decoded.
        var queryLength = Encoding.UTF8.GetByteCount(query);
        parameters = new SignedParameters((2 * queryLength) + (form.Length * (charset is null ? 1 : ParameterDecoder.LargestGrowth)), count);
        parameters._length = Encoding.UTF8.GetBytes(query, parameters._bytes);
        parameters.Add(parameters._bytes.AsSpan(0, queryLength), charset: null, isQuery: true);
        parameters.Add(form, charset, isQuery: false);
        parameters.Sort();
        return true;
    }

    /// <summary>Writes <c>?name=value&amp;name</c>: sorted, one value a name, no <c>=</c> before an empty value; nothing when there are none.</summary>
    /// <param name="text">Takes the text.</param>
    /// <param name="queryFirst">True to let the query's value win over the form's, as one verifier does; all clients sign the form's.</param>
    /// <param name="hideAppCode">True to write AppCodes as <c>***</c>, for eyes other than the HMAC's.</param>
    public readonly void WriteTo(ref Utf8Buffer text, bool queryFirst, bool hideAppCode)
    {
        var separator = (byte)'?';
        for (var i = 0; i < _count;)
        {
            var end = EndOfRun(i);
            var picked = _entries[i];
            for (var j = i; queryFirst && j < end && !picked.IsQuery; j++)
            {
                picked = _entries[j].IsQuery ? _entries[j] : picked;
            }

            var name = picked.Name(_bytes);
            var value = picked.Value(_bytes);
            text.Append(separator);
            text.Append(name);
            if (!value.IsEmpty)
            {
                text.Append((byte)'=');
                text.Append(hideAppCode && Ascii.EqualsIgnoreCase(name, "AppCode"u8) ? "***"u8 : value);
            }

            separator = (byte)'&';
            i = end;
        }
    }

    /// <summary>Gives the arrays back to the pool.</summary>
    public void Dispose()
    {
        _count = 0;
        if (_bytes is { Length: > 0 })
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        if (_entries is { Length: > 0 })
        {
            ArrayPool<Parameter>.Shared.Return(_entries);
        }
    }

    private void Add(ReadOnlySpan<byte> source, Encoding? charset, bool isQuery)
    {
        while (!source.IsEmpty)
        {
            var end = source.IndexOf((byte)'&');
            var pair = end < 0 ? source : source[..end];
            source = end < 0 ? default : source[(end + 1)..];

            var equals = pair.IndexOf((byte)'=');
            var name = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? default : pair[(equals + 1)..];
            if (name.IsEmpty && value.IsEmpty)
            {
                continue; // Nothing between two ampersands.
            }

            var nameLength = ParameterDecoder.Decode(name, _bytes.AsSpan(_length), charset);
            var valueLength = ParameterDecoder.Decode(value, _bytes.AsSpan(_length + nameLength), charset);
            _entries[_count] = new Parameter(_length, nameLength, valueLength, Parameter.OrderOf(_count, isQuery));
            _count++;
            _length += nameLength + valueLength;
        }
    }

    private void Sort()
    {
        if (_count <= FewParameters)
        {
            SortInPlace();
        }
        else
        {
            _entries.AsSpan(0, _count).Sort(new ParameterOrder(_bytes));
        }

        for (var i = 0; i < _count;)
        {
            var end = EndOfRun(i);
            HasRepeated |= end - i > 1;
            HasClash |= _entries[i].IsQuery != _entries[end - 1].IsQuery;
            i = end;
        }
    }

    private readonly void SortInPlace()
    {
        for (var i = 1; i < _count; i++)
        {
            var moving = _entries[i];
            var j = i - 1;
            for (; j >= 0 && ParameterOrder.Compare(_entries[j], moving, _bytes) > 0; j--)
            {
                _entries[j + 1] = _entries[j];
            }

            _entries[j + 1] = moving;
        }
    }

    /// <summary>Index behind the last entry with the same name.</summary>
    private readonly int EndOfRun(int start)
    {
        var end = start + 1;
        while (end < _count && _entries[end].Name(_bytes).SequenceEqual(_entries[start].Name(_bytes)))
        {
            end++;
        }

        return end;
    }
}
