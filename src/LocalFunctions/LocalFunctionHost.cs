using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.LocalFunctions;

/// <summary>Runs functions in this process, behind loopback ports that the system chooses. For development.</summary>
/// <remarks>
/// A server of its own beside the gateway's: it reads no configuration file, no environment variable and no command line, so nothing that
/// is meant for the gateway moves it. All event functions share one address, as they share the service's in the cloud; each web function
/// has its own. HTTP/1.1 only.
/// </remarks>
public sealed class LocalFunctionHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalFunctionHost(WebApplication app, IReadOnlyDictionary<string, Uri> addresses)
    {
        _app = app;
        Addresses = addresses;
    }

    /// <summary>Base address of each function by its name, without a path.</summary>
    public IReadOnlyDictionary<string, Uri> Addresses { get; }

    /// <summary>Starts a server with these functions; they answer once the task has completed.</summary>
    /// <param name="functions">The functions; names must differ.</param>
    /// <param name="loggerFactory">Gets the addresses and the failures of functions; null for none. Stays the caller's.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">Two functions have the same name.</exception>
    public static async Task<LocalFunctionHost> StartAsync(
        IEnumerable<LocalFunction> functions, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(functions);

        var byName = functions.ToDictionary(static function => function.Name, StringComparer.Ordinal);
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<LocalFunctionHost>();
        var endpoints = new Dictionary<string, ListenOptions>(StringComparer.Ordinal);
        var app = Build(kestrel => Listen(kestrel, byName.Values, endpoints, logger));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        // An endpoint knows its port only once it listens.
        var addresses = endpoints.ToFrozenDictionary(
            static endpoint => endpoint.Key, static endpoint => new Uri($"http://{endpoint.Value.IPEndPoint}"), StringComparer.Ordinal);
        foreach (var (name, address) in addresses)
        {
            Log.Started(logger, name, address);
        }

        return new LocalFunctionHost(app, addresses);
    }

    /// <summary>Stops the server. Calls in flight are cut off: a function under development must not hold up a restart.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static WebApplication Build(Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            RemoveLimits(kestrel);
            listen(kestrel);
        });
        builder.Services.AddIsolation();

        var app = builder.Build();
        app.UseWebSockets();
        app.Run(static context => context.Features.GetRequiredFeature<EndpointFeature>().Handler(context));
        return app;
    }

    /// <summary>The gateway's limits are the ones to meet in development, not those of the server behind it.</summary>
    private static void RemoveLimits(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestLineSize = 64 << 10;
        kestrel.Limits.MaxRequestHeadersTotalSize = 128 << 10;
        kestrel.Limits.MaxRequestHeaderCount = 1000;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(15); // what the cloud asks of a function's server
    }

    private static void Listen(
        KestrelServerOptions kestrel, IReadOnlyCollection<LocalFunction> functions, Dictionary<string, ListenOptions> endpoints,
        ILogger logger)
    {
        // Also without an event function: a server without any endpoint would fall back to port 5000.
        var events = functions.Where(static function => function.Kind == LocalFunctionKind.Event).ToList();
        var service = Listen(kestrel, new InvokeEndpoint(events, logger).HandleAsync);
        foreach (var function in functions)
        {
            endpoints[function.Name] = function.Kind == LocalFunctionKind.Event
                ? service
                : Listen(kestrel, new WebEndpoint(function, logger).HandleAsync);
        }
    }

    /// <summary>Listens on a free loopback port; each connection made to it carries its handler.</summary>
    private static ListenOptions Listen(KestrelServerOptions kestrel, RequestDelegate handler)
    {
        ListenOptions? endpoint = null;
        kestrel.Listen(IPAddress.Loopback, port: 0, options =>
        {
            endpoint = options;
            options.Protocols = HttpProtocols.Http1;
            options.Use(next => connection =>
            {
                connection.Features.Set(new EndpointFeature(handler));
                return next(connection);
            });
        });
        return endpoint!;
    }

    /// <summary>What answers the requests of a connection.</summary>
    private sealed record EndpointFeature(RequestDelegate Handler);
}
