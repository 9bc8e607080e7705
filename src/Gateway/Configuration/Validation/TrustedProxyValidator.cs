using Gateway.Policies.IpAccess;

namespace Gateway.Configuration.Validation;

/// <summary>Rules for <c>Gateway:TrustedProxies</c>.</summary>
internal static class TrustedProxyValidator
{
    private const string Path = "Gateway:TrustedProxies";

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
        var refusal = IpNetworkEntry.Read(text, out var network);
        return network.IsEverybody ? $"{Show.Value(text)} would believe everybody's X-Forwarded-For. Write the networks of your proxies." : refusal;
    }
}
