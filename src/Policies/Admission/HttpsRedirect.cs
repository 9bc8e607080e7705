using System.Globalization;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Admission;

/// <summary>Sends a client that came over plain HTTP to the same place with <c>https</c>.</summary>
internal static class HttpsRedirect
{
    private const int HttpsPort = 443;

    /// <summary>Writes the answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="port">Port of the https address as the client reaches it.</param>
    /// <returns>False for a method that may carry a body, which would have crossed the network in clear already, and without a host to go to.</returns>
    public static bool TryWrite(HttpContext context, int port)
    {
        var gateway = context.Gateway();
        if (!(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) || gateway.ForwardedHost.Length == 0)
        {
            return false;
        }

        var host = WithoutPort(gateway.ForwardedHost);
        var suffix = port == HttpsPort ? "" : string.Concat(":", port.ToString(CultureInfo.InvariantCulture));
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = string.Concat(string.Concat("https://", host, suffix), gateway.Target.Path, gateway.Target.QueryWithMark);
        return true;
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host[colon..].Contains(']') ? host : host[..colon];
    }
}
