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
        BuiltInFunctions = new Dictionary<string, LocalFunctionKind> { ["hello"] = LocalFunctionKind.Event, ["site"] = LocalFunctionKind.Web },
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

    /// <summary>A valid configuration with apps, a policy of each type, and APIs that use them in every way; names are spelled in different cases on purpose.</summary>
    public const string ValidPolicies = """
        {
          "Gateway": {
            "Apps": {
              "FcApp": { "AppId": "110840611", "AppKey": "60022326", "AppSecret": "secret-one", "PreviousAppSecret": "secret-zero", "PreviousUntil": "2027-01-31T00:00:00Z" },
              "codes": { "AppCodes": [ "0123456789abcdef", "fedcba9876543210" ] },
              "retired": { "Enabled": false }
            },
            "Backends": {
              "web": { "Type": "WebFunction", "Address": "http://web", "Timeout": "30s" },
              "event": { "Type": "EventFunction", "Address": "http://event" },
              "down": { "Type": "Mock" }
            },
            "Policies": {
              "Office": { "Type": "IpAccess", "Allow": [ "10.0.0.0/8", "2001:db8::/32" ], "Deny": [ "10.6.6.6" ], "Apps": { "fcapp": { "Allow": [ "192.0.2.7" ] } } },
              "nobody": { "Type": "IpAccess", "Deny": [ "0.0.0.0/0", "::/0" ] },
              "Standard": { "Type": "Throttling", "Unit": "Minute", "PerApi": 1000, "PerApp": 100, "PerIp": 60, "Apps": { "FCAPP": 500 } },
              "tenants": {
                "Type": "Throttling", "Unit": "Day", "Shared": true, "Headers": "RateLimit",
                "Rules": { "tenant": { "Path": "tenant", "Limit": 10 }, "region": { "Header": "X-Region", "Limit": 5, "Unit": "Second" }, "page": { "Query": "page", "Limit": 7 } }
              },
              "web-shop": { "Type": "Cors", "AllowOrigins": [ "https://app.example.com" ], "AllowCredentials": true, "MaxAge": "1h" }
            },
            "Groups": {
              "shop": {
                "BasePath": "/shop",
                "Policies": { "IpAccess": "office", "Throttling": "standard", "Cors": "web-shop" },
                "Apis": {
                  "orders": {
                    "Path": "/orders/[tenant]/*", "Backend": "web", "Auth": "App", "AppCode": "HeaderOrQuery", "SignatureMethods": [ "HmacSHA256", "HmacSHA1" ],
                    "RequireNonce": true, "StrictSignature": true, "Concurrency": 100, "Timeout": "20s",
                    "Apps": { "FCApp": { "ExpiresAt": "2027-12-31T00:00:00Z" }, "codes": { "Enabled": false }, "Retired": {} },
                    "SystemParameters": { "CaClientIp": { "Header": "X-Client" }, "CaAppId": { "Query": "app" } },
                    "Policies": { "Throttling": [ "Tenants", "standard" ] }
                  },
                  "open": { "Path": "/open", "Methods": [ "GET" ], "Backend": "event", "Auth": "None" },
                  "free": { "Path": "/free", "Methods": [ "GET" ], "Backend": "down", "Auth": "None", "Protocols": [ "HTTPS" ], "Policies": { "Throttling": [], "IpAccess": "nobody" } }
                }
              }
            }
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
