using Gateway.Configuration;
using Gateway.LocalFunctions;

namespace Gateway.Hosting;

/// <summary>The local functions of the Development stage; none elsewhere.</summary>
internal sealed class LocalFunctionsHost : IAsyncDisposable
{
    private static readonly Uri Nowhere = new("http://local-function.invalid");

    private readonly LocalFunctionHost? _host;
    private readonly string _folder;

    private LocalFunctionsHost(LocalFunctionHost? host, string folder)
    {
        _host = host;
        _folder = folder;
    }

    /// <summary>Starts the host of the functions, where the stage has any; <see cref="Attach"/> brings the configured ones.</summary>
    /// <param name="configuration">The configuration to start with.</param>
    /// <param name="folder">Folder of its files; relative folders of code start there.</param>
    /// <param name="functions">The functions of this process.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<LocalFunctionsHost> StartAsync(
        GatewayConfiguration configuration, string folder, IReadOnlyList<LocalFunction> functions, CancellationToken cancellationToken)
        => configuration.IsDevelopment
            ? new LocalFunctionsHost(await LocalFunctionHost.StartAsync(functions, cancellationToken: cancellationToken), folder)
            : NotStarted;

    /// <summary>Addresses nobody listens on, for a gateway that forwards nothing.</summary>
    public static LocalFunctionsHost NotStarted { get; } = new(null, "");

    /// <summary>Where requests to a function go.</summary>
    public Uri AddressOf(string function, LocalFunctionKind kind) => _host?.AddressOf(function, kind) ?? Nowhere;

    /// <summary>Takes over the functions of a newly accepted configuration.</summary>
    public void Apply(GatewayConfiguration configuration) => _host?.Apply(configuration.Options.LocalFunctions, _folder);

    /// <summary>Connects the host to the gateway, once there is one: its log first, so that what a function lacks is read, then the functions to start with.</summary>
    public void Attach(ILoggerFactory loggerFactory, GatewayConfiguration configuration)
    {
        _host?.LogTo(loggerFactory);
        Apply(configuration);
    }

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? default;
}
