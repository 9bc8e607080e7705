namespace Gateway.Policies.Authentication;

/// <summary>The enabled apps of a configuration, found by AppKey and by AppCode. Immutable.</summary>
public sealed class AppDirectory
{
    /// <summary>Compiles the apps.</summary>
    /// <param name="apps">The options, already validated.</param>
    public static AppDirectory Compile(IReadOnlyDictionary<string, AppOptions> apps)
    {
        _ = apps;
        return new AppDirectory();
    }
}
