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

    /// <summary>Why a text is no origin, with the fix, as a sentence without its full stop; null when it is one.</summary>
    public static string? RefuseOrigin(string origin)
        => origin == "*" || (origin.Contains("://", StringComparison.Ordinal) && !origin.EndsWith('/'))
            ? null
            : $"'{origin}' is not an origin. Write scheme and host, such as https://app.example.com, or *";
}
