using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Backends.Http;

/// <summary>Which of a backend's response headers reach the client.</summary>
/// <remarks>Dropped are headers of the connection, and those by which a client tells the gateway's own word: a backend cannot forge them.</remarks>
internal static class ResponseHeaderRules
{
    private const string ErrorPrefix = "X-Ca-Error-";
    private const string FunctionServicePrefix = "X-Fc-";

    /// <summary>Whether a header of a web function's answer goes on to the client.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="connection">The answer's <c>Connection</c> header.</param>
    public static bool Passes(string name, StringValues connection)
        => !HopByHopHeaders.Contains(name) && !IsGatewaysOwn(name) && !HopByHopHeaders.IsNamedBy(connection, name);

    /// <summary>Whether a header in the result of an event function goes on; the length is computed anew, and <c>X-Fc-*</c> is the platform's.</summary>
    /// <param name="name">Its name.</param>
    public static bool PassesFromResult(string name)
        => !HopByHopHeaders.Contains(name) && !IsGatewaysOwn(name)
            && !name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase)
            && !name.StartsWith(FunctionServicePrefix, StringComparison.OrdinalIgnoreCase);

    private static bool IsGatewaysOwn(string name)
        => name[0] is 'X' or 'x'
            && (name.StartsWith(ErrorPrefix, StringComparison.OrdinalIgnoreCase)
                || name.Equals("X-Ca-Request-Id", StringComparison.OrdinalIgnoreCase)
                || name.Equals("X-Ca-Debug-Info", StringComparison.OrdinalIgnoreCase));
}
