using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Routing;

/// <summary>Makes the framework's metrics say the API's path as <c>http.route</c>; YARP's endpoints all have one pattern that matches everything.</summary>
/// <param name="route">Base path and path as configured.</param>
internal sealed class ApiRoute(string route) : IRouteDiagnosticsMetadata
{
    /// <inheritdoc/>
    public string Route => route;
}
