using Microsoft.AspNetCore.Http;

namespace Gateway.Backends.Http;

/// <summary>What a method promises about requests that arrive twice (RFC 9110 §9.2).</summary>
internal static class MethodRules
{
    /// <summary>Whether a request asks for nothing to be changed.</summary>
    public static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>Whether two of the same request are as good as one.</summary>
    public static bool IsIdempotent(string method) => IsSafe(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method);
}
