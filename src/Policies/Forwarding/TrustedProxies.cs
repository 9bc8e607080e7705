using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Gateway.Policies.IpAccess;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Forwarding;

/// <summary>Finds the one client address: the TCP peer, or what proxies named in the configuration say of it. Immutable.</summary>
public sealed class TrustedProxies
{
    private readonly IpSet _proxies;

    private TrustedProxies(IpSet proxies) => _proxies = proxies;

    /// <summary>Compiles the list.</summary>
    /// <param name="entries">Addresses and networks of the proxies, already validated; empty trusts nobody.</param>
    /// <exception cref="FormatException">An entry is no address or network.</exception>
    public static TrustedProxies Compile(IReadOnlyList<string> entries) => new(IpSet.Of(IpNetworkEntry.ReadAll(entries)));

    /// <summary>True when <paramref name="address"/> is a trusted proxy.</summary>
    public bool Contains(IPAddress address) => _proxies.Contains(address);

    /// <summary>Reads the chain from right to left, as far as each hop is trusted; an entry that is no address ends it.</summary>
    /// <param name="peer">The TCP peer, already known to be trusted.</param>
    /// <param name="forwardedFor">Lines of <c>X-Forwarded-For</c>, which count as one joined list.</param>
    /// <param name="chain">Value for <c>X-Forwarded-For</c> towards backends: the believed part, then the peer.</param>
    /// <returns>The first address from the right that is not a trusted proxy, or the last one that was named.</returns>
    public IPAddress Resolve(IPAddress peer, StringValues forwardedFor, out string chain)
    {
        var client = peer;
        var text = new StringBuilder(peer.ToString());
        for (var line = forwardedFor.Count - 1; line >= 0; line--)
        {
            var rest = forwardedFor[line].AsSpan();
            while (!rest.IsEmpty)
            {
                var comma = rest.LastIndexOf(',');
                if (!Contains(client) || !TryParse(rest[(comma + 1)..].Trim(), out var hop))
                {
                    chain = text.ToString();
                    return client;
                }

                client = hop;
                text.Insert(0, ", ").Insert(0, hop.ToString());
                rest = comma < 0 ? default : rest[..comma];
            }
        }

        chain = text.ToString();
        return client;
    }

    /// <summary>IPv4 in IPv6 (<c>::ffff:a.b.c.d</c>) is the IPv4 address it stands for, in every list and every header.</summary>
    public static IPAddress Normalize(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Addresses with and without port: <c>1.2.3.4</c>, <c>1.2.3.4:56</c>, <c>::1</c>, <c>[::1]:7</c>. Not <c>unknown</c>, <c>_hidden</c> or <c>10.1</c>.</summary>
    private static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']');
            text = close < 0 ? default : text[1..close];
        }
        else if (text.IndexOf(':') is >= 0 and var colon && text.LastIndexOf(':') == colon)
        {
            text = text[..colon];
        }

        if (!IpNetworkEntry.TryParseAddress(text, out address))
        {
            return false;
        }

        address = Normalize(address);
        return true;
    }
}
