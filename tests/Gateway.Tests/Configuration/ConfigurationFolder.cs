using Gateway.Configuration;
using Gateway.LocalFunctions;

namespace Gateway.Tests.Configuration;

/// <summary>A temporary folder of configuration and secret files, deleted when disposed.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    public ConfigurationFolder(string? appsettings = null)
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Secrets);
        if (appsettings is not null)
        {
            Write(ConfigurationSource.BaseFileName, appsettings);
        }
    }

    public string Root { get; } = Path.Combine(Path.GetTempPath(), "gateway-" + Guid.NewGuid().ToString("N"));

    public string Secrets => Path.Combine(Root, "secrets");

    /// <summary>A source that sees nothing of this machine.</summary>
    public ConfigurationSource Source => new()
    {
        Folder = Root,
        SecretsFolder = Secrets,
        EnvironmentVariables = new Dictionary<string, string>(),
        LocalFunctions = new Dictionary<string, LocalFunctionKind> { ["hello"] = LocalFunctionKind.Event, ["site"] = LocalFunctionKind.Web },
    };

    public string PathOf(string name) => Path.Combine(Root, name);

    public void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    public void WriteSecret(string name, string text) => File.WriteAllText(Path.Combine(Secrets, name), text);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>Loads one file's text and gives what a test asks for.</summary>
internal static class Loading
{
    /// <summary>A valid configuration with one backend of each kind and one API.</summary>
    public const string Valid = """
        {
          "Gateway": {
            "Backends": {
              "event": { "Type": "EventFunction", "Address": "https://123.cn-hangzhou.fc.aliyuncs.com", "Function": "hello" },
              "web": { "Type": "WebFunction", "Addresses": [ "http://a:1", "http://b:2" ], "Timeout": "30s" },
              "down": { "Type": "Mock", "StatusCode": 503, "Headers": { "Retry-After": "60" }, "Body": "maintenance" }
            },
            "Groups": {
              "shop": {
                "BasePath": "/shop",
                "Hosts": [ "api.example.com" ],
                "Apis": {
                  "greet": { "Path": "/hello/[name]", "Methods": [ "GET", "POST" ], "Backend": "event", "Auth": "None" },
                  "files": { "Path": "/files/*", "Backend": "web", "BackendPath": "/*", "Auth": "None", "Timeout": "3s" }
                }
              }
            },
            "TrustedProxies": [ "10.0.0.0/8" ],
            "Errors": { "Status": { "D503TO": 504 } }
          }
        }
        """;

    public static ConfigurationResult Load(string appsettings, Func<ConfigurationSource, ConfigurationSource>? change = null)
    {
        using var folder = new ConfigurationFolder(appsettings);
        return ConfigurationLoader.Load(change is null ? folder.Source : change(folder.Source));
    }

    public static GatewayConfiguration LoadValid(string appsettings, Func<ConfigurationSource, ConfigurationSource>? change = null)
    {
        var result = Load(appsettings, change);
        Assert.Empty(result.Problems);
        return result.Configuration!;
    }

    public static Problem LoadOneProblem(string appsettings, Func<ConfigurationSource, ConfigurationSource>? change = null)
    {
        var result = Load(appsettings, change);
        Assert.False(result.IsValid);
        return Assert.Single(result.Problems);
    }
}
