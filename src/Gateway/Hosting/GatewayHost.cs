using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Gateway.Backends;
using Gateway.Configuration;
using Gateway.Configuration.Reload;
using Gateway.Errors;
using Gateway.Policies;
using Gateway.Routing;
using Gateway.Samples;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Configuration;

namespace Gateway.Hosting;

/// <summary>Builds and runs the program's one web host.</summary>
internal static class GatewayHost
{
    /// <summary>Where the program listens when no url, port or endpoint is configured anywhere.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports"];

    /// <summary>Serves until the program is told to stop.</summary>
    /// <returns>The exit code: 0, or 1 when the server could not start.</returns>
    public static async Task<int> RunAsync(
        GatewayConfiguration configuration, ConfigurationSource source, ConfigurationWatcher watcher, TextWriter output, TextWriter error)
    {
        await using var local = await LocalFunctionsHost.StartAsync(configuration, source.Folder, SampleFunctions.All, CancellationToken.None);
        await using var app = await TryStartAsync(configuration, source, watcher, local, error);
        if (app is null)
        {
            return 1;
        }

        if (configuration.IsDevelopment)
        {
            await output.WriteAsync(DemoListing.Write(configuration, app.Urls));
            app.Services.GetRequiredService<DevelopmentApps>().AnnounceTo(configuration, DemoListing.ToCall(app.Urls), output);
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>Builds and starts the host, or says what of the framework's own settings it cannot start with.</summary>
    private static async Task<WebApplication?> TryStartAsync(
        GatewayConfiguration configuration, ConfigurationSource source, ConfigurationWatcher watcher, LocalFunctionsHost local, TextWriter error)
    {
        WebApplication? app = null;
        try
        {
            app = Create(configuration, source, watcher, local);
            await app.StartAsync();
            return app;
        }
        catch (Exception exception) when (exception is IOException or SocketException or FormatException or ArgumentException
            or InvalidOperationException or CryptographicException)
        {
            // An address in use, a URL that is none, a certificate that cannot be read: the operator's to mend, and no stack trace helps.
            await error.WriteLineAsync($"gateway: cannot start: {exception.Message} Look at --urls and the sections Kestrel and Logging.");
            await (app?.DisposeAsync() ?? default);
            return null;
        }
    }

    /// <summary>Builds the host, ready to start.</summary>
    /// <param name="configuration">The configuration to start with.</param>
    /// <param name="source">Where it was read from, and is followed.</param>
    /// <param name="watcher">Watches that source; made before it was read, so that no change is missed.</param>
    /// <param name="local">The local functions; the caller disposes of them.</param>
    /// <param name="configure">Last changes to the builder, for tests.</param>
    public static WebApplication Create(
        GatewayConfiguration configuration,
        ConfigurationSource source,
        ConfigurationWatcher watcher,
        LocalFunctionsHost local,
        Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(GatewayHost).Assembly.GetName().Name,
            EnvironmentName = source.Environment,
            ContentRootPath = source.Folder,
        });
        var accepted = new AcceptedConfiguration();
        accepted.Accept(configuration.Root);
        builder.Configuration.AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_");
        ((IConfigurationBuilder)builder.Configuration).Add(accepted);

        AddLogging(builder);
        AddServer(builder);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(watcher);
        builder.Services.AddGateway(configuration, source, local, accepted);
        configure?.Invoke(builder);
        var app = builder.Build();
        local.Attach(app.Services.GetRequiredService<ILoggerFactory>(), configuration);
        return app.UseGateway();
    }

    private static void AddGateway(
        this IServiceCollection services, GatewayConfiguration configuration, ConfigurationSource source, LocalFunctionsHost local, AcceptedConfiguration accepted)
    {
        var developmentApps = new DevelopmentApps();
        var provider = new GatewayConfigProvider(GatewayCompiler.Compile(developmentApps.Complete(configuration), local.AddressOf));
        services.AddSingleton(developmentApps);
        services.AddSingleton(provider);
        services.AddSingleton<IProxyConfigProvider>(provider);
        services.AddSingleton<IConfigChangeListener>(provider);
        services.AddSingleton<IBackendSource>(provider);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ServingTable>();
        services.AddSingleton<ProxyEndpoints>();
        services.AddGatewayPolicies();
        services.AddReverseProxy().AddGatewayBackends();
        services.KeepNoKeysOnDisk();

        services.AddSingleton(source);
        services.AddSingleton(local);
        services.AddSingleton(accepted);
        services.AddHostedService<ConfigurationReloader>();
        services.AddHostedService<ServerRefusals>();
    }

    /// <summary>YARP brings data protection along for cookies that we never make; left alone it would write keys to disk at start.</summary>
    private static void KeepNoKeysOnDisk(this IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        foreach (var service in services.Where(static service => service.ImplementationType?.Name == "DataProtectionHostedService").ToArray())
        {
            services.Remove(service);
        }
    }

    private static void AddLogging(WebApplicationBuilder builder)
    {
        // What holds unless the section Logging names the category. The server's own line about each request costs an activity and a scope,
        // and YARP's forwarder repeats with a stack what ForwarderErrorMiddleware says with the request's id.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A start that failed is told in one line by TryStartAsync; here it would come again as the stack of an address in use. What ends a host
        // that runs is critical.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.Error);
        builder.Logging.AddFilter("Yarp.ReverseProxy.Health", LogLevel.Error); // Ours name backend and address, these a number.
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddConsole(static console => console.FormatterName = DevelopmentConsoleFormatter.FormatterName);
            builder.Logging.AddConsoleFormatter<DevelopmentConsoleFormatter, ConsoleFormatterOptions>();
        }
        else
        {
            builder.Logging.AddJsonConsole(static console => (console.TimestampFormat, console.UseUtcTimestamp) = ("O", true));
        }
    }

    /// <summary>The server's limits lie above ours, so that refusals are ours, with code and request id.</summary>
    private static void AddServer(WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrel((context, kestrel) =>
        {
            kestrel.Configure(context.Configuration.GetSection("Kestrel"), reloadOnChange: true);
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = static name => name == HeaderNames.ContentLength ? null : Encoding.UTF8; // Ours would throw at 21 digits.
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.UTF8; // Our messages hold what the client sent.
            kestrel.Limits.MaxRequestBodySize = null; // Each API has its own.
            kestrel.Limits.MaxRequestLineSize = 72 * 1024; // Above the largest Limits:Url.
            kestrel.Limits.MaxRequestHeadersTotalSize = 160 * 1024; // Above the largest Limits:Headers.
            kestrel.Limits.MaxRequestHeaderCount = 1000;
            kestrel.Limits.MaxRequestBufferSize = 256 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
            kestrel.Limits.MaxConcurrentConnections = 20_000; // At some 20 KB each; the section Kestrel may say otherwise.
            kestrel.Limits.MaxConcurrentUpgradedConnections = 1000;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        });
        if (!IsAddressConfigured(builder.Configuration))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
    }

    private static bool IsAddressConfigured(ConfigurationManager configuration)
        => AddressKeys.Any(key => !string.IsNullOrEmpty(configuration[key]))
            || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
}
