using Microsoft.AspNetCore.Http;

namespace Gateway.Backends.Http;

/// <summary>The name of a backend as the configuration has it, which is what clients and logs are told; not a name in DNS.</summary>
internal static class BackendName
{
    /// <summary>The name in a cluster's id, which is that and a fingerprint.</summary>
    public static string Of(string clusterId) => clusterId.LastIndexOf('@') is >= 0 and var end ? clusterId[..end] : clusterId;

    /// <summary>The name of the backend that a request goes to.</summary>
    public static string Of(HttpContext context) => Of(context.GetReverseProxyFeature().Cluster.Config.ClusterId);
}
