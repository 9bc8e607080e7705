using System.Net;
using IPNetwork = System.Net.IPNetwork;

namespace Gateway.Policies.IpAccess;

/// <summary>A compiled <c>IpAccess</c> policy. Immutable.</summary>
public sealed class IpAccessList
{
    /// <summary>Compiles a policy.</summary>
    /// <param name="options">The options, already validated.</param>
    public static IpAccessList Compile(IpAccessOptions options)
    {
        _ = options;
        return new IpAccessList();
    }

    /// <summary>Why an entry of a list is no address or network, with the fix; null when it is one.</summary>
    public static string? Refuse(string entry)
        => IPNetwork.TryParse(entry, out _) || IPAddress.TryParse(entry, out _)
            ? null
            : $"'{entry}' is neither an address nor a network. Write 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32.";
}
