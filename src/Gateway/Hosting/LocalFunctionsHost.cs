using Gateway.Configuration;
using Gateway.LocalFunctions;

namespace Gateway.Hosting;

/// <summary>The local functions of the Development stage; none elsewhere.</summary>
internal sealed class LocalFunctionsHost : IAsyncDisposable
{
    private readonly LocalFunctionHost? _host;

    private LocalFunctionsHost(LocalFunctionHost? host, IReadOnlyDictionary<string, Uri> addresses)
    {
        _host = host;
        Addresses = addresses;
    }

    /// <summary>Base address of each function by its name.</summary>
    public IReadOnlyDictionary<string, Uri> Addresses { get; }

    /// <summary>Starts the functions, where the stage has any.</summary>
    public static async Task<LocalFunctionsHost> StartAsync(
        GatewayConfiguration configuration, IReadOnlyList<LocalFunction> functions, CancellationToken cancellationToken)
    {
        if (!configuration.IsDevelopment)
        {
            return new LocalFunctionsHost(null, new Dictionary<string, Uri>());
        }

        var host = await LocalFunctionHost.StartAsync(functions, cancellationToken: cancellationToken);
        return new LocalFunctionsHost(host, host.Addresses.ToDictionary(StringComparer.OrdinalIgnoreCase)); // As names of backends are compared.
    }

    /// <summary>Addresses nobody listens on, for a gateway that forwards nothing.</summary>
    public static LocalFunctionsHost NotStarted(IEnumerable<LocalFunction> functions)
        => new(null, functions.ToDictionary(static function => function.Name, static function => new Uri($"http://{function.Name}.local"), StringComparer.OrdinalIgnoreCase));

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
