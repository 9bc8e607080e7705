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
}
