using System.Net;
using System.Text;

namespace Gateway.LocalFunctions.Serving;

/// <summary>Writes the functions that are served, each with a line that calls it.</summary>
internal static class FunctionListing
{
    /// <summary>An event as the gateway makes it.</summary>
    private const string SampleEvent =
        """{"path":"/hello","httpMethod":"GET","headers":{},"queryParameters":{},"pathParameters":{},"body":"","isBase64Encoded":false}""";

    /// <summary>Writes the list.</summary>
    /// <param name="served">What is served.</param>
    /// <param name="host">What serves it.</param>
    public static string Write(ServedFunctions served, LocalFunctionHost host)
    {
        var text = new StringBuilder();
        foreach (var line in served.PassedOver)
        {
            text.AppendLine(line);
        }

        foreach (var (name, options) in served.Functions.OrderBy(static function => function.Key, StringComparer.Ordinal))
        {
            text.AppendLine().AppendLine($"{name} ({options.Runtime!.Value.ToString().ToLowerInvariant()}, {options.Code})");
            text.AppendLine($"  curl -d '{SampleEvent}' {ToCall(host.AddressOf(name, LocalFunctionKind.Event))}2023-03-30/functions/{name}/invocations");
            if (options.Runtime == LocalRuntime.Custom)
            {
                text.AppendLine($"  curl {ToCall(host.AddressOf(name, LocalFunctionKind.Web))}/");
            }
        }

        return text.AppendLine().ToString();
    }

    /// <summary>The address with a host that can be called: one that listens everywhere is nowhere to call.</summary>
    private static string ToCall(Uri address)
        => IPAddress.TryParse(address.IdnHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = "localhost" }.Uri.AbsoluteUri
            : address.AbsoluteUri;
}
