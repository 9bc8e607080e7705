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

    /// <summary>Starts the functions, where the stage has any.</summary>
    /// <param name="configuration">The configuration to start with.</param>
    /// <param name="folder">Folder of its files; relative folders of code start there.</param>
    /// <param name="functions">The functions of this process.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<LocalFunctionsHost> StartAsync(
        GatewayConfiguration configuration, string folder, IReadOnlyList<LocalFunction> functions, CancellationToken cancellationToken)
    {
        if (!configuration.IsDevelopment)
        {
            return NotStarted;
        }

        var local = new LocalFunctionsHost(await LocalFunctionHost.StartAsync(functions, cancellationToken: cancellationToken), folder);
        local.Apply(configuration);
        return local;
    }

    /// <summary>Addresses nobody listens on, for a gateway that forwards nothing.</summary>
    public static LocalFunctionsHost NotStarted { get; } = new(null, "");

    /// <summary>Where requests to a function go.</summary>
    public Uri AddressOf(string function, LocalFunctionKind kind) => _host?.AddressOf(function, kind) ?? Nowhere;

    /// <summary>Takes over the functions of a newly accepted configuration.</summary>
    public void Apply(GatewayConfiguration configuration) => _host?.Apply(configuration.Options.LocalFunctions, _folder);

    /// <summary>Puts the functions' output into the gateway's log, once there is one.</summary>
    public void LogTo(ILoggerFactory loggerFactory) => _host?.LogTo(loggerFactory);

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? default;
}
