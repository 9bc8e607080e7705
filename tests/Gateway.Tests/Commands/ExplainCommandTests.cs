using Gateway.Tests.Configuration;
using Gateway.TestSupport;

namespace Gateway.Tests.Commands;

/// <summary>The verb for APIs that anybody may call: which one it is, why not another, and what would be sent.</summary>
public class ExplainCommandTests
{
    private const string Configuration = """
        {
          "Gateway": {
            "Backends": {
              "orders": { "Type": "EventFunction", "Address": "https://123.cn-hangzhou.fc.aliyuncs.com", "Function": "orders" },
              "shop": { "Type": "WebFunction", "Address": "http://shop.internal:9000/base" },
              "down": { "Type": "Mock", "StatusCode": 503 }
            },
            "Groups": {
              "shop": {
                "BasePath": "/v1",
                "Apis": {
                  "order": { "Path": "/orders/[id]", "Methods": [ "GET" ], "Backend": "orders", "Auth": "None" },
                  "orders": { "Path": "/orders/*", "Methods": [ "ANY" ], "Backend": "orders", "Auth": "None", "Timeout": "90s" },
                  "latest": { "Path": "/orders/latest", "Methods": [ "GET" ], "Backend": "shop", "Auth": "None", "Enabled": false },
                  "shop": {
                    "Path": "/shop/[tenant]/*", "Methods": [ "GET", "POST" ], "Backend": "shop", "BackendPath": "/t/[tenant]/*", "BackendMethod": "PUT", "Auth": "None",
                    "Protocols": [ "HTTPS" ]
                  },
                  "maintenance": { "Path": "/maintenance", "Methods": [ "GET" ], "Backend": "down", "Auth": "None", "MaxRequestBody": "1KB" }
                }
              },
              "partners": { "Hosts": [ "*.example.com" ], "Apis": { "any": { "Path": "/*", "Backend": "shop", "Auth": "None" } } }
            }
          }
        }
        """;

    [Theory]
    [InlineData("explain-event.txt", 0, "http://localhost/v1/orders/7?x=1")]
    [InlineData("explain-web.txt", 0, "https://localhost/v1/shop/blue/a%20b/c?x=%2F", "-d", "a=1")]
    [InlineData("explain-mock.txt", 0, "http://localhost/v1/maintenance")]
    [InlineData("explain-disabled.txt", 0, "http://localhost/v1/orders/latest")]
    [InlineData("explain-host.txt", 1, "http://localhost/elsewhere")]
    [InlineData("explain-case.txt", 1, "http://localhost/v1/Maintenance")]
    [InlineData("explain-slash.txt", 1, "http://localhost/v1/maintenance/")]
    [InlineData("explain-tail.txt", 1, "http://localhost/v1/shop/blue")]
    [InlineData("explain-method.txt", 1, "DELETE", "http://localhost/v1/maintenance")]
    [InlineData("explain-scheme.txt", 1, "http://localhost/v1/shop/blue/a")]
    [InlineData("explain-hostile.txt", 1, "http://localhost/v1/%2e%2e/a")]
    [InlineData("explain-stage.txt", 1, "http://localhost/v1/orders/7", "-H", "X-Ca-Stage: NOWHERE")]
    public async Task Explain_OfARequest_IsGolden(string file, int exitCode, params string[] args)
    {
        var (code, output, _) = await Explaining.RunAsync(Configuration, args);

        Golden.Matches(file, output);
        Assert.Equal(exitCode, code);
    }

    [Fact]
    public async Task Explain_OfACapturedRequest_ReadsItAsSent()
    {
        using var folder = new ConfigurationFolder();
        folder.Write("request.http", "POST /v1/shop/blue/x?a=1 HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\nContent-Length: 3\r\n\r\na=1 and more");

        var (code, output, _) = await Explaining.RunAsync(Configuration, ["--request", folder.PathOf("request.http")]);

        Assert.Equal(1, code);
        Assert.Contains("POST http://localhost/v1/shop/blue/x?a=1, from 127.0.0.1", output, StringComparison.Ordinal);
        Assert.Contains("I403PT", output, StringComparison.Ordinal); // X-Forwarded-Proto of a stranger does not count.
    }

    [Theory]
    [InlineData("cannot be read", "--request", "/no/such/file")]
    [InlineData("is not an address", "http://h/", "--from", "nowhere")]
    [InlineData("not a scheme", "gopher://h/")]
    public async Task Explain_OfNoRequest_SaysWhy(string complaint, params string[] args)
    {
        var (code, output, error) = await Explaining.RunAsync(Configuration, args);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_OfAClientStringThatCannotBeRead_SaysWhy()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a file that nobody can read, root included.");

        var (code, _, error) = await Explaining.RunAsync(Configuration, ["http://h/", "--client-string", "/proc/self/mem"]);

        Assert.Equal(2, code);
        Assert.Contains("the file of the client's string cannot be read", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello", 2)]
    [InlineData("", 2)]
    [InlineData("\r\n\r\n", 2)]
    [InlineData("GET  HTTP/1.1\r\n\r\n", 2)]
    [InlineData("GET /v1/maintenance HTTP/1.1\r\nno header\r\n\r\n", 2)]
    [InlineData("GET /v1/maintenance HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nabc", 0)]
    [InlineData("GET /v1/maintenance HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nabc", 0)]
    [InlineData("GET /v1/maintenance HTTP/1.1", 0)]
    [InlineData("GET /\u0001 HTTP/1.1\r\nA: \u0001\r\n\r\n", 1)]
    public async Task Explain_OfAFileThatIsBroken_SaysSo(string file, int expected)
    {
        using var folder = new ConfigurationFolder();
        folder.Write("request.http", file);

        Assert.Equal(expected, (await Explaining.RunAsync(Configuration, ["--request", folder.PathOf("request.http")])).Code);
    }

    [Theory]
    [InlineData("253402300799999")]
    [InlineData("253402300800000")]
    [InlineData("9223372036854775807")]
    public async Task Explain_OfATimestampBeyondAllDates_TellsItsAge(string timestamp)
    {
        const string signed = """
            { "Gateway": {
              "Apps": { "a": { "AppKey": "1", "AppSecret": "an-example-of-a-secret" } }, "Backends": { "ok": { "Type": "Mock" } },
              "Groups": { "g": { "Apis": { "p": { "Path": "/p", "Backend": "ok", "Apps": { "a": {} } } } } }
            } }
            """;

        var (code, output, _) = await Explaining.RunAsync(signed, ["http://h/p", "-H", "X-Ca-Key: 1", "-H", "X-Ca-Signature: x", "-H", $"X-Ca-Timestamp: {timestamp}"]);

        Assert.Equal(1, code);
        Assert.Contains("X-Ca-Timestamp is ", output, StringComparison.Ordinal);
    }
}
