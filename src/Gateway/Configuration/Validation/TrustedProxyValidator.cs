using System.Net;
using System.Net.Sockets;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for <c>Gateway:TrustedProxies</c>.</summary>
internal static class TrustedProxyValidator
{
    private const string Path = "Gateway:TrustedProxies";

    /// <summary>Prefix under which all of IPv4 lies in IPv6.</summary>
    private const int MappedPrefix = 96;

    /// <summary>Adds the problems of the list.</summary>
    public static void Validate(IReadOnlyList<string> proxies, ValidationContext context)
    {
        for (var i = 0; i < proxies.Count; i++)
        {
            if (Refuse(proxies[i]) is { } refusal)
            {
                context.Add($"{Path}:{i}", refusal);
            }
        }
    }

    private static string? Refuse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var addressText = slash < 0 ? text : text[..slash];
        if (!TryParseAddress(addressText, out var address))
        {
            return $"{Show.Value(text)} is neither an address nor a network. Write 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32.";
        }

        if (slash < 0)
        {
            return null;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefixText = text[(slash + 1)..];
        if (!prefixText.All(char.IsAsciiDigit) || !int.TryParse(prefixText, out var prefix) || prefix > bits)
        {
            return $"{Show.Value(text)} has no valid prefix length. Write a number from 1 to {bits} behind the slash.";
        }

        if (prefix == 0 || (address.IsIPv4MappedToIPv6 && prefix <= MappedPrefix))
        {
            return $"{Show.Value(text)} would believe everybody's X-Forwarded-For. Write the networks of your proxies.";
        }

        var network = Mask(address, prefix);
        return network.Equals(address) ? null : $"{Show.Value(text)} is an address inside a network. Write {network}/{prefix} or {address}.";
    }

    /// <summary>Only the usual forms: the framework also takes 10.1 and 0x0a.1, and reads them in ways nobody expects.</summary>
    private static bool TryParseAddress(string text, out IPAddress address)
        => IPAddress.TryParse(text, out address!)
            && !text.Contains('%') && !text.Contains('[')
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text);

    private static IPAddress Mask(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(prefix - (8 * i), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new IPAddress(bytes);
    }
}
