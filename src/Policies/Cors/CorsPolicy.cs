namespace Gateway.Policies.Cors;

/// <summary>A compiled <c>Cors</c> policy. Immutable.</summary>
public sealed class CorsPolicy
{
    /// <summary>Compiles a policy.</summary>
    /// <param name="options">The options, already validated.</param>
    public static CorsPolicy Compile(CorsOptions options)
    {
        _ = options;
        return new CorsPolicy();
    }
}
