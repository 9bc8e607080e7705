using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Gateway.Backends;
using Gateway.Configuration;
using Gateway.Configuration.Reload;
using Gateway.Errors;
using Gateway.Hosting.Draining;
using Gateway.Management;
using Gateway.Observability;
using Gateway.Policies;
using Gateway.Routing;
using Gateway.Samples;
using Gateway.Tls;
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
    /// <returns>The exit code: 0, also when it was told to stop while it started; 1 when the server could not start.</returns>
    public static async Task<int> RunAsync(
        GatewayConfiguration configuration, ConfigurationSource source, ConfigurationWatcher watcher, ShutdownSignals signals, TextWriter output, TextWriter error)
    {
        signals.EndWithin(configuration.Options.Shutdown.Timeout);
        try
        {
            await using var local = await LocalFunctionsHost.StartAsync(configuration, source.Folder, SampleFunctions.All, signals.Requested);
            await using var app = await TryStartAsync(configuration, source, watcher, local, signals, error);
            return app is null ? 1 : await ServeAsync(app, configuration, output);
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static async Task<int> ServeAsync(WebApplication app, GatewayConfiguration configuration, TextWriter output)
    {
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
        GatewayConfiguration configuration, ConfigurationSource source, ConfigurationWatcher watcher, LocalFunctionsHost local, ShutdownSignals signals, TextWriter error)
    {
        WebApplication? app = null;
        try
        {
            app = Create(configuration, source, watcher, local, builder => builder.Services.AddSingleton<IHostLifetime>(services
                => new SignalLifetime(signals, services.GetRequiredService<IHostApplicationLifetime>())));
            await app.StartAsync(signals.Requested);
            return app;
        }
        catch (OperationCanceledException)
        {
            await (app?.DisposeAsync() ?? default);
            throw;
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
        builder.AddTelemetry(configuration);
        AddServer(builder, hasCertificates: configuration.Options.Tls.Certificates.Count > 0);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(watcher);
        builder.Services.AddGateway(configuration, source, local, accepted);
        configure?.Invoke(builder);
        var app = builder.Build();
        local.Attach(app.Services.GetRequiredService<ILoggerFactory>(), configuration);
        var certificates = app.Services.GetRequiredService<TlsCertificateStore>();
        certificates.Apply(certificates.Read(configuration.Options.Tls));
        app.Services.GetRequiredService<ConfigurationMetrics>().InForce(app.Services.GetRequiredService<GatewayConfigProvider>().Current, configuration.Options);
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
        services.AddManagement(configuration.Options.Management);
        services.AddDraining(configuration.Options.Shutdown);
        services.AddSingleton<TlsCertificateStore>();
        services.AddHostedService<TlsCertificateWatcher>();
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
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None); // A client that resets its streams could write a hundred critical lines a connection.
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

    private static void AddServer(WebApplicationBuilder builder, bool hasCertificates)
    {
        var urls = hasCertificates && !HasEndpoints(builder.Configuration) ? TlsEndpoints.FindUrls(builder.Configuration) : [];
        builder.WebHost.UseKestrel((context, kestrel) =>
        {
            var section = context.Configuration.GetSection("Kestrel");
            var loader = kestrel.Configure(section, reloadOnChange: true);
            if (hasCertificates)
            {
                loader.UseGatewayCertificates(kestrel, section);
                kestrel.ListenOn(urls);
            }

            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = static name => name == HeaderNames.ContentLength ? null : Encoding.UTF8; // Ours would throw at 21 digits.
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.UTF8; // Our messages hold what the client sent.
            ServerLimits.Apply(kestrel.Limits, section.GetSection("Limits"));
        });
        if (!IsAddressConfigured(builder.Configuration))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
        else if (urls.Length > 0)
        {
            ForgetAddresses(builder.Configuration); // They are listened on by now; the host would warn that it does not.
        }
    }

    private static void ForgetAddresses(ConfigurationManager configuration)
    {
        foreach (var key in AddressKeys)
        {
            configuration[key] = "";
        }
    }

    private static bool IsAddressConfigured(ConfigurationManager configuration)
        => AddressKeys.Any(key => !string.IsNullOrEmpty(configuration[key]))
            || HasEndpoints(configuration);

    private static bool HasEndpoints(ConfigurationManager configuration) => configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
}
