using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Gateway.Management;

/// <summary>The management port: a server of its own, without a host around it.</summary>
/// <remarks>
/// Its own, because a listener added in code to the traffic's server silently cancels <c>--urls</c> and the port variables. A bare Kestrel,
/// because a host would publish its requests and connections in the same meters and activities as the traffic's.
/// </remarks>
internal sealed class ManagementServer(
    ManagementOptions options, ManagementPaths paths, IHostEnvironment environment, ILoggerFactory loggers, ILogger<ManagementServer> logger)
    : IHostedLifecycleService, IHttpApplication<HttpContext>, IDisposable
{
    private readonly KestrelServer _server = CreateServer(options, loggers);

    /// <summary>Where it listens; null when it does not.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Listens before the traffic's listeners open, so that probes see a gateway that is starting.</summary>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
        => environment.IsDevelopment() ? Task.CompletedTask : ListenAsync(cancellationToken);

    /// <summary>On a developer's machine it comes last, and does without what another gateway has: the traffic's port may be the one it wants.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment())
        {
            return;
        }

        try
        {
            await ListenAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            logger.ManagementPortTaken(exception.Message);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends after everything else, so that probes see a gateway that drains.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => paths.AnswerAsync(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public void Dispose() => _server.Dispose();

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync(this, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new IOException($"The management port cannot be opened: {exception.Message} Set Gateway:Management:Port, or Gateway:Management:Enabled to false.", exception);
        }

        Address = new Uri(_server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        logger.ManagementPortOpen(Address);
    }

    private static KestrelServer CreateServer(ManagementOptions options, ILoggerFactory loggers)
    {
        var server = new KestrelServerOptions { AddServerHeader = false };
        server.Limits.MaxConcurrentConnections = 1000; // Far more than probes, scrapers and a person need, so that a careless neighbour keeps no probe out.
        server.Limits.MaxConcurrentUpgradedConnections = 0;
        server.Limits.MaxRequestBodySize = 0;
        server.Limits.MaxRequestHeadersTotalSize = 8 << 10;
        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(10); // Also the longest silence of a connection that asks for nothing.
        server.Listen(IPAddress.Parse(options.Address), options.Port, static listen => listen.Protocols = HttpProtocols.Http1);
        return new KestrelServer(Options.Create(server), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
    }
}
