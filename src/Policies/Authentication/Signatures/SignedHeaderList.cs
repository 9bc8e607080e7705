using System.Buffers;
using System.Collections.Frozen;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Authentication.Signatures;

/// <summary>Writes the headers that <c>X-Ca-Signature-Headers</c> lists into a string-to-sign, a line each.</summary>
internal static class SignedHeaderList
{
    /// <summary>Names that are listed at most.</summary>
    public const int MostNames = 256;

    /// <summary>Bytes of all lines together at most: above the largest request head, yet a name listed over and over ends here.</summary>
    private const int LargestBlock = 256 * 1024;

    private const int FewNames = 32;

    /// <summary>Names with lines of their own, and those that cannot sign themselves. They never take part, whoever lists them.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Excluded = Lookup(
        [CaHeaders.Signature, CaHeaders.SignatureHeaders, HeaderNames.Accept, HeaderNames.ContentMD5, HeaderNames.ContentType, HeaderNames.Date]);

    /// <summary>Names that clients list, so that looking them up needs no new string.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Frequent = Lookup(
    [
        CaHeaders.Key, CaHeaders.Timestamp, CaHeaders.Nonce, CaHeaders.SignatureMethod, "X-Ca-Stage", "X-Ca-Request-Mode", "X-Ca-Version",
        "X-Ca-Date", HeaderNames.Host, HeaderNames.UserAgent, HeaderNames.Authorization,
    ]);

    /// <summary>Whether a list names a header, in any case.</summary>
    public static bool Names(ReadOnlySpan<char> list, string name)
    {
        foreach (var range in list.Split(','))
        {
            if (list[range].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a header that the list names, or one with a line of its own, stands there several times. Only the first one is signed.</summary>
    public static bool HasRepeated(ReadOnlySpan<char> list, IHeaderDictionary headers)
    {
        foreach (var range in list.Split(','))
        {
            var name = list[range].Trim();
            if (!name.IsEmpty && headers[Intern(name)].Count > 1)
            {
                return true;
            }
        }

        return headers.Accept.Count > 1 || headers.ContentType.Count > 1 || headers.Date.Count > 1 || headers.ContentMD5.Count > 1;
    }

    /// <summary>Writes <c>name:value</c> for each listed name, in the list's spelling, sorted ordinally. A header that is absent has an empty value.</summary>
    /// <param name="text">Takes the lines.</param>
    /// <param name="list">The list, of at most <see cref="MostNames"/> names.</param>
    /// <param name="headers">The request's headers.</param>
    /// <param name="hideAppCode">True to write the value of <c>Authorization</c> as <c>***</c>.</param>
    /// <returns>False when the lines are too long.</returns>
    public static bool TryWrite(ref Utf8Buffer text, ReadOnlySpan<char> list, IHeaderDictionary headers, bool hideAppCode)
    {
        var most = list.Count(',') + 1;
        var rented = most <= FewNames ? null : ArrayPool<Range>.Shared.Rent(most);
        var names = rented ?? stackalloc Range[FewNames];
        names = names[..ReadSorted(list, names)];

        var start = text.Length;
        foreach (var range in names)
        {
            var name = list[range];
            text.Append(name);
            text.Append((byte)':');
            var values = headers[Intern(name)];
            var isHidden = hideAppCode && name.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase);
            text.AppendLine(isHidden ? "***" : values.Count == 0 ? default : values[0].AsSpan());
            if (text.Length - start > LargestBlock)
            {
                break;
            }
        }

        if (rented is not null)
        {
            ArrayPool<Range>.Shared.Return(rented);
        }

        return text.Length - start <= LargestBlock;
    }

    /// <summary>Reads the names that take part. A handful as a rule, so each goes to its place at once.</summary>
    private static int ReadSorted(ReadOnlySpan<char> list, Span<Range> names)
    {
        var count = 0;
        foreach (var range in list.Split(','))
        {
            var (offset, length) = range.GetOffsetAndLength(list.Length);
            var part = list.Slice(offset, length);
            offset += length - part.TrimStart().Length;
            var name = part.Trim();
            if (name.IsEmpty || Excluded.Contains(name))
            {
                continue;
            }

            var i = count++;
            for (; i > 0 && list[names[i - 1]].SequenceCompareTo(name) > 0; i--)
            {
                names[i] = names[i - 1];
            }

            names[i] = new Range(offset, offset + name.Length);
        }

        return count;
    }

    private static string Intern(ReadOnlySpan<char> name) => Frequent.TryGetValue(name, out var known) ? known : name.ToString();

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup(string[] names)
        => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
