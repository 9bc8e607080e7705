using System.Net;
using Microsoft.AspNetCore.Server.Kestrel;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Gateway.Tls;

/// <summary>Puts the gateway's certificates on the addresses that want TLS.</summary>
/// <remarks>
/// Through the handshake callback and not a certificate selector, which can return a certificate alone: the ones that signed it would then be
/// sent only if this machine happens to have them in its store.
/// </remarks>
internal static class TlsEndpoints
{
    private const string Scheme = "https";

    /// <summary>Serves the endpoints of the section <c>Kestrel</c> that are <c>https</c> and have no certificate of their own.</summary>
    public static void UseGatewayCertificates(this KestrelConfigurationLoader loader, KestrelServerOptions kestrel, IConfiguration section)
    {
        foreach (var endpoint in section.GetSection("Endpoints").GetChildren())
        {
            loader.Endpoint(endpoint.Key, configured =>
            {
                if (configured.IsHttps && !configured.ConfigSection.GetSection("Certificate").Exists() && !configured.ConfigSection.GetSection("Sni").Exists())
                {
                    configured.ListenOptions.UseGatewayCertificates(kestrel);
                }
            });
        }
    }

    /// <summary>Listens on addresses given as URLs, as the host would, with the gateway's certificates on those that are <c>https</c>.</summary>
    public static void ListenOn(this KestrelServerOptions kestrel, IEnumerable<string> urls)
    {
        foreach (var url in urls)
        {
            var address = BindingAddress.Parse(url);
            void Configure(ListenOptions listen)
            {
                if (address.Scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase))
                {
                    listen.UseGatewayCertificates(kestrel);
                }
            }

            if (address.IsUnixPipe)
            {
                kestrel.ListenUnixSocket(address.UnixPipePath, Configure);
            }
            else if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            {
                kestrel.ListenLocalhost(address.Port, Configure);
            }
            else if (IPAddress.TryParse(address.Host, out var ip))
            {
                kestrel.Listen(ip, address.Port, Configure);
            }
            else
            {
                kestrel.ListenAnyIP(address.Port, Configure);
            }
        }
    }

    /// <summary>The addresses of a configuration without endpoints, in the host's own order of precedence, if one of them wants TLS; else none.</summary>
    public static string[] FindUrls(IConfiguration configuration)
    {
        string[] urls = configuration["urls"] is { Length: > 0 } given
            ? given.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. OfPorts(configuration["http_ports"], "http"), .. OfPorts(configuration["https_ports"], Scheme)];
        return urls.Any(static url => url.StartsWith(Scheme + ":", StringComparison.OrdinalIgnoreCase)) ? urls : [];
    }

    private static IEnumerable<string> OfPorts(string? ports, string scheme)
        => (ports ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(port => $"{scheme}://*:{port}");

    private static void UseGatewayCertificates(this ListenOptions listen, KestrelServerOptions kestrel)
        => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = kestrel.ApplicationServices.GetRequiredService<TlsCertificateStore>().SelectAsync,
        });
}
