using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Policies.IpAccess;

/// <summary>An address or network as a configuration lists it: the range of addresses it stands for.</summary>
/// <remarks>
/// Taken: <c>10.1.2.3</c>, <c>10.0.0.0/8</c>, <c>0.0.0.0/0</c>, <c>2001:db8::/32</c> in any spelling of IPv6, and IPv4 in IPv6 form
/// (<c>::ffff:10.0.0.0/104</c>), which is the IPv4 network. Refused: host bits behind the prefix, IPv4 with leading zeros or fewer than four
/// numbers (the framework reads them as octal or fills them up), zone ids, ports, brackets, ranges with a hyphen, masks, names and blanks.
/// </remarks>
/// <param name="IsIPv4">True for IPv4, whose addresses are the numbers below 2 to the power of 32.</param>
/// <param name="First">Its lowest address.</param>
/// <param name="Last">Its highest address, inclusive.</param>
public readonly record struct IpNetworkEntry(bool IsIPv4, UInt128 First, UInt128 Last)
{
    /// <summary>Number of bits before the IPv4 address in an IPv4 address that is written as IPv6.</summary>
    private const int MappedBits = 96;

    private const int LongestShown = 80;

    /// <summary>True when every address of the family is in the network.</summary>
    public bool IsEverybody => First == UInt128.Zero && Last == (IsIPv4 ? uint.MaxValue : UInt128.MaxValue);

    /// <summary>Whether all of another network is in this one.</summary>
    public bool Contains(IpNetworkEntry other) => IsIPv4 == other.IsIPv4 && First <= other.First && other.Last <= Last;

    /// <summary>The network of one address.</summary>
    public static IpNetworkEntry Of(IPAddress address)
    {
        var bits = BitsOf(address);
        return Of(address, bits, bits, out _);
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="text">The entry, as configured.</param>
    /// <param name="network">What it stands for; for an address inside a network, which is refused, that network.</param>
    /// <returns>Null; or why the entry is refused, with the fix.</returns>
    public static string? Read(string text, out IpNetworkEntry network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryParseAddress(slash < 0 ? text : text[..slash], out var address))
        {
            return $"{Show(text)} is neither an address nor a network. Write 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32.";
        }

        var bits = BitsOf(address);
        var prefix = bits;
        if (slash >= 0 && !TryParsePrefix(text.AsSpan(slash + 1), bits, out prefix))
        {
            return $"{Show(text)} has no valid prefix length. Write a number from 0 to {bits} behind the slash.";
        }

        network = Of(address, prefix, bits, out var hasHostBits);
        return hasHostBits ? $"{Show(text)} is an address inside a network. Write {Mask(address, prefix)}/{prefix} or {address}." : null;
    }

    private static IpNetworkEntry Of(IPAddress address, int prefix, int bits, out bool hasHostBits)
    {
        var number = ToNumber(address);
        var hosts = HostsOf(prefix, bits);
        hasHostBits = (number & hosts) != UInt128.Zero;
        var first = number & ~hosts;
        var last = number | hosts;
        return bits == 32 || (address.IsIPv4MappedToIPv6 && prefix >= MappedBits)
            ? new IpNetworkEntry(IsIPv4: true, (uint)first, (uint)last)
            : new IpNetworkEntry(IsIPv4: false, first, last);
    }

    /// <summary>Only the usual forms: the framework also takes 10.1 and 0x0a.1, and reads them in ways nobody expects.</summary>
    private static bool TryParseAddress(string text, out IPAddress address)
        => IPAddress.TryParse(text, out address!)
            && !text.AsSpan().ContainsAny('%', '[', ' ')
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text);

    /// <summary>Digits without a leading zero, which some read as octal.</summary>
    private static bool TryParsePrefix(ReadOnlySpan<char> text, int bits, out int prefix)
    {
        prefix = 0;
        return text.Length is > 0 and <= 3
            && !text.ContainsAnyExceptInRange('0', '9')
            && (text.Length == 1 || text[0] != '0')
            && int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out prefix)
            && prefix <= bits;
    }

    private static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    private static IPAddress Mask(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= (byte)(0xFF << (8 - Math.Clamp(prefix - (8 * i), 0, 8)));
        }

        return new IPAddress(bytes);
    }

    private static UInt128 HostsOf(int prefix, int bits) => prefix == bits ? UInt128.Zero : UInt128.MaxValue >> (128 - bits + prefix);

    private static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out var count);
        return count == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static string Show(string text)
    {
        var shown = text.Length > LongestShown ? string.Concat(text.AsSpan(0, LongestShown), "…") : text;
        return $"'{string.Concat(shown.Select(static c => char.IsControl(c) ? '#' : c))}'";
    }
}
