using System.Net;

namespace Gateway.Policies.IpAccess;

/// <summary>A compiled <c>IpAccess</c> policy. Immutable.</summary>
public sealed class IpAccessList
{
    private readonly bool _admits = true;

    /// <summary>Compiles a policy.</summary>
    /// <param name="options">The options, already validated.</param>
    public static IpAccessList Compile(IpAccessOptions options)
    {
        _ = options;
        return new IpAccessList();
    }

    /// <summary>Whether an address may call.</summary>
    /// <param name="address">The address; null when it is not known.</param>
    /// <param name="appName">The app that calls; null as long as it is not known.</param>
    public bool Admits(IPAddress? address, string? appName) => _admits;
}
