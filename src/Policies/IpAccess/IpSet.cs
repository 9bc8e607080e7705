using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Policies.IpAccess;

/// <summary>A set of IPv4 and IPv6 addresses. Immutable.</summary>
/// <remarks>IPv4 addresses in IPv6 form (<c>::ffff:a.b.c.d</c>) are the IPv4 addresses they stand for; no IPv6 network holds them.</remarks>
internal sealed class IpSet
{
    /// <summary>No address.</summary>
    public static readonly IpSet None = new(IpRanges<uint>.None, IpRanges<UInt128>.None);

    /// <summary>Every address.</summary>
    public static readonly IpSet All = new(IpRanges<uint>.All, IpRanges<UInt128>.All);

    private readonly IpRanges<uint> _v4;
    private readonly IpRanges<UInt128> _v6;

    private IpSet(IpRanges<uint> v4, IpRanges<UInt128> v6)
    {
        _v4 = v4;
        _v6 = v6;
    }

    /// <summary>Makes the set of all addresses of some networks.</summary>
    public static IpSet Of(IEnumerable<IpNetworkEntry> networks)
    {
        var byFamily = networks.ToLookup(static network => network.IsIPv4);
        return new IpSet(
            IpRanges<uint>.Of(byFamily[true].Select(static network => ((uint)network.First, (uint)network.Last))),
            IpRanges<UInt128>.Of(byFamily[false].Select(static network => (network.First, network.Last))));
    }

    /// <summary>Whether an address is in the set. Allocates nothing.</summary>
    public bool Contains(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out _);
        return address switch
        {
            { AddressFamily: AddressFamily.InterNetwork } => _v4.Contains(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
            { IsIPv4MappedToIPv6: true } => _v4.Contains(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..])),
            _ => _v6.Contains(BinaryPrimitives.ReadUInt128BigEndian(bytes)),
        };
    }

    /// <summary>What is in this set and not in the other.</summary>
    public IpSet Except(IpSet other) => new(_v4.Except(other._v4), _v6.Except(other._v6));
}
