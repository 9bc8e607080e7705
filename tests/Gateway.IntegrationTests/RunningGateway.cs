using System.Text.Json.Nodes;
using Gateway.Configuration;
using Gateway.Configuration.Reload;
using Gateway.Hosting;
using Gateway.Management;
using Gateway.Samples;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.IntegrationTests;

/// <summary>The whole program on a free loopback port, started from appsettings text, so that tests read configuration as production does.</summary>
public sealed class RunningGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IAsyncDisposable _local;
    private readonly string _folder;

    private RunningGateway(WebApplication app, IAsyncDisposable local, string folder, CollectedLog log)
    {
        _app = app;
        _local = local;
        _folder = folder;
        Log = log;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Address of the first listener.</summary>
    public Uri Address { get; }

    /// <summary>Addresses of all listeners.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _app.Urls.Select(static url => new Uri(url))];

    /// <summary>Address of the management port.</summary>
    public Uri ManagementAddress => Get<ManagementServer>().Address!;

    /// <summary>A plain client of that address.</summary>
    public HttpClient Client { get; }

    /// <summary>Everything the program has logged.</summary>
    public CollectedLog Log { get; }

    /// <summary>Folder of the configuration files, for tests that change them.</summary>
    public string Folder => _folder;

    /// <summary>Starts with the demo configuration of the repository.</summary>
    public static Task<RunningGateway> StartDemoAsync()
        => StartAsync(
            File.ReadAllText(Path.Combine(TestSupport.Repository.Root, "appsettings.json")),
            File.ReadAllText(Path.Combine(TestSupport.Repository.Root, "appsettings.Development.json")));

    /// <summary>Starts with the section <c>Gateway</c> given as JSON, in the Development stage unless another is named.</summary>
    /// <param name="gateway">JSON of the section.</param>
    /// <param name="environment">Name of the environment.</param>
    /// <param name="extra">Further top-level members, e.g. <c>"Kestrel": { … }</c>.</param>
    /// <param name="time">The gateway's clock; null for the system's.</param>
    /// <param name="managementPort">Its management port; 0 for a free one, null for what the section says.</param>
    /// <param name="variables">Its environment variables; null for none.</param>
    public static Task<RunningGateway> StartSectionAsync(string gateway, string environment = "Development", string? extra = null, TimeProvider? time = null, int? managementPort = 0, IReadOnlyDictionary<string, string>? variables = null)
        => StartAsync($$"""{ "Logging": { "LogLevel": { "Default": "Debug", "Microsoft": "Warning", "Microsoft.AspNetCore.Hosting.Diagnostics": "None" } }, {{(extra is null ? "" : extra + ",")}} "Gateway": {{gateway}} }""", null, environment, time, managementPort, variables);

    /// <summary>Starts with the texts of the two files.</summary>
    public static async Task<RunningGateway> StartAsync(string settings, string? stageSettings, string environment = "Development", TimeProvider? time = null, int? managementPort = 0, IReadOnlyDictionary<string, string>? variables = null)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-test").FullName;
        Directory.CreateSymbolicLink(Path.Combine(folder, "samples"), Path.Combine(TestSupport.Repository.Root, "samples")); // The demo's functions.
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), settings);
        if (stageSettings is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"appsettings.{environment}.json"), stageSettings);
        }

        var hasEndpoints = settings.Contains("\"Kestrel\"", StringComparison.Ordinal);
        var source = new ConfigurationSource
        {
            Folder = folder,
            Environment = environment,
            SecretsFolder = Path.Combine(folder, "secrets"),
            EnvironmentVariables = variables ?? new Dictionary<string, string>(),
            Arguments =
            [
                .. hasEndpoints ? Array.Empty<string>() : ["--urls=http://127.0.0.1:0"],
                .. managementPort is null ? Array.Empty<string>() : [$"--Gateway:Management:Port={managementPort}"],
            ],
            BuiltInFunctions = SampleFunctions.All.ToDictionary(static f => f.Name, static f => f.Kind),
        };
        var watcher = new ConfigurationWatcher(source, TimeProvider.System, ConfigurationWatcher.DefaultInterval);
        var result = ConfigurationLoader.Load(source);
        if (result.Configuration is not { } configuration)
        {
            throw new InvalidOperationException(ProblemReport.Write(result.Problems, environment, ReportOccasion.Start));
        }

        var log = new CollectedLog();
        var local = await LocalFunctionsHost.StartAsync(configuration, folder, SampleFunctions.All, CancellationToken.None);
        var app = GatewayHost.Create(configuration, source, watcher, local, builder =>
        {
            builder.Services.Remove(builder.Services.Single(static service => service.ImplementationType == typeof(ConsoleLoggerProvider)));
            builder.Logging.AddProvider(log);
            builder.Services.AddSingleton(time ?? TimeProvider.System);
        });
        await app.StartAsync();
        return new RunningGateway(app, local, folder, log);
    }

    /// <summary>A service of the program.</summary>
    internal T Get<T>()
        where T : notnull
        => _app.Services.GetRequiredService<T>();

    /// <summary>Stops it as a signal would; the rest of its end comes with disposal.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Reads a JSON answer.</summary>
    public async Task<JsonNode> GetJsonAsync(string target) => JsonNode.Parse(await Client.GetStringAsync(new Uri(Address, target)))!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _local.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
