using System.Net;
using System.Text;
using Gateway.LocalFunctions.Invocations;
using Gateway.LocalFunctions.Processes;
using Gateway.LocalFunctions.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.LocalFunctions;

/// <summary>Runs functions on this machine, behind one port. For development.</summary>
/// <remarks>
/// A server of its own beside the gateway's: it reads no configuration file, no environment variable and no command line, so nothing that
/// is meant for the gateway moves it. Event functions are called over the cloud's InvokeFunction API; each web function has a base address
/// of its own, with a path. HTTP/1.1 only.
/// </remarks>
public sealed class LocalFunctionHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FunctionTable _functions;
    private readonly ProcessEnvironment _processes;
    private readonly HostLog _log;

    private LocalFunctionHost(WebApplication app, FunctionTable functions, ProcessEnvironment processes, HostLog log, Uri address)
    {
        _app = app;
        _functions = functions;
        _processes = processes;
        _log = log;
        Address = address;
    }

    /// <summary>Base address of the service, which all event functions share.</summary>
    public Uri Address { get; }

    /// <summary>Starts a server; its functions answer once the task has completed.</summary>
    /// <param name="functions">Functions of this process; names must differ.</param>
    /// <param name="address">Where to listen; null for loopback.</param>
    /// <param name="port">Port; 0 for a free one.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">Two functions have the same name.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LocalFunctionHost> StartAsync(
        IEnumerable<LocalFunction> functions, IPAddress? address = null, int port = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(functions);

        var log = new HostLog();
        var processes = new ProcessEnvironment();
        var table = new FunctionTable([.. functions], log, processes);
        var invoke = new InvokeEndpoint(table);
        ListenOptions? endpoint = null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            RemoveLimits(kestrel);
            kestrel.Listen(address ?? IPAddress.Loopback, port, options =>
            {
                options.Protocols = HttpProtocols.Http1;
                endpoint = options;
            });
        });
        builder.Services.AddIsolation();
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        var web = new WebEndpoint(table, log, app.Services.GetRequiredService<IHttpForwarder>());
        app.UseWebSockets();
        app.Run(context => WebEndpoint.IsForWeb(context) ? web.HandleAsync(context) : invoke.HandleAsync(context));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new LocalFunctionHost(app, table, processes, log, new Uri($"http://{endpoint!.IPEndPoint}")); // Knows its port only once it listens.
    }

    /// <summary>Where requests to a function go: the service for an event function, an address of its own for a web function.</summary>
    public Uri AddressOf(string function, LocalFunctionKind kind)
        => kind == LocalFunctionKind.Event ? Address : new Uri(Address, WebEndpoint.PathOf(function));

    /// <summary>Logs from now on to this factory, which stays the caller's. Nothing is logged before.</summary>
    public void LogTo(ILoggerFactory loggerFactory) => _log.LogTo(loggerFactory);

    /// <summary>Replaces the functions with processes of their own. One whose options are the same keeps its processes; calls in flight end where they began.</summary>
    /// <param name="functions">Their options by name, already checked by <see cref="LocalFunctionRules"/>.</param>
    /// <param name="folder">What relative folders of code start from.</param>
    public void Apply(IReadOnlyDictionary<string, LocalFunctionOptions> functions, string folder) => _functions.Apply(functions, folder);

    /// <summary>Stops the server and all processes. Calls in flight are cut off: a function under development must not hold up a restart.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        await _functions.DisposeAsync();
        await _processes.DisposeAsync();
    }

    /// <summary>The gateway's limits are the ones to meet in development, not those of the server behind it.</summary>
    private static void RemoveLimits(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.UTF8; // A function may send more than ASCII; the server would throw.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestLineSize = 64 << 10;
        kestrel.Limits.MaxRequestHeadersTotalSize = 128 << 10;
        kestrel.Limits.MaxRequestHeaderCount = 1000;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(15); // what the cloud asks of a function's server
    }
}
