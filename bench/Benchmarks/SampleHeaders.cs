namespace Gateway.Benchmarks;

/// <summary>Request headers such as clients send.</summary>
internal static class SampleHeaders
{
    /// <summary>Eight that all go on to the backend; the last has a spelling that must be looked at twice.</summary>
    public static IReadOnlyList<(string Name, string Value)> Eight { get; } =
    [
        ("Host", "api.example.com"),
        ("User-Agent", "curl/8.5.0"),
        ("Accept", "application/json"),
        ("Accept-Encoding", "gzip, br"),
        ("Content-Type", "application/json"),
        ("X-Request-Source", "mobile"),
        ("X-Tenant", "blue"),
        ("X_Legacy_Name", "kept"),
    ];
}
