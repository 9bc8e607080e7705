using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>IP lists on the wire, and the one client address they ask for. Lessons IP-01 to IP-18; those about text are unit tests.</summary>
public class IpAccessTests(IpAccessTests.TrustingGateway trusting) : IClassFixture<IpAccessTests.TrustingGateway>
{
    private const string Tcp = """ "Kestrel": { "Endpoints": { "a": { "Url": "http://127.0.0.1:0" }, "h2": { "Url": "http://127.0.0.1:0", "Protocols": "Http2" } } } """;

    /// <summary>Policies by what they admit; every API below uses one of them.</summary>
    private static string Settings(string group = "", string extra = "", string web = "http://127.0.0.1:1")
        => $$"""
            {
              {{extra}}
              "Apps": { "fcApp": { "AppCodes": [ "0123456789abcdef0123456789abcdef" ] }, "other": { "AppCodes": [ "fedcba9876543210fedcba9876543210" ] } },
              "Backends": { "ok": { "Type": "Mock", "Body": "ok" }, "echo": { "Type": "EventFunction" }, "web": { "Type": "WebFunction", "Address": "{{web}}" } },
              "Policies": {
                "office": { "Type": "IpAccess", "Allow": [ "10.0.0.0/8", "2001:db8::/32" ], "Deny": [ "10.6.6.6" ] },
                "local": { "Type": "IpAccess", "Allow": [ "127.0.0.0/8" ] },
                "notLocal": { "Type": "IpAccess", "Deny": [ "127.0.0.0/8" ] },
                "appOnly": { "Type": "IpAccess", "Apps": { "fcApp": { "Allow": [ "127.0.0.1" ] } } },
                "officeAndApp": { "Type": "IpAccess", "Allow": [ "10.0.0.0/8" ], "Apps": { "fcApp": { "Allow": [ "127.0.0.1" ] } } }
              },
              "Groups": { "g": {
                {{group}}
                "Apis": {
                  "open": { "Path": "/open", "Backend": "ok", "Auth": "None" },
                  "office": { "Path": "/office", "Backend": "ok", "Auth": "None", "Policies": { "IpAccess": "office" } },
                  "local": { "Path": "/local", "Backend": "echo", "Auth": "None", "Policies": { "IpAccess": "local" } },
                  "denied": { "Path": "/denied", "Methods": [ "ANY" ], "Backend": "web", "Auth": "None", "Policies": { "IpAccess": "notLocal" } },
                  "app": { "Path": "/app", "Backend": "ok", "Auth": "App", "Apps": { "fcApp": {}, "other": {} }, "Policies": { "IpAccess": "appOnly" } }
                }
              }, "mixed": {
                "Policies": { "IpAccess": "officeAndApp" },
                "Apis": { "anybody": { "Path": "/anybody", "Backend": "ok", "Auth": "None" } }
              } }
            }
            """;

    /// <summary>IP-01: without trusted proxies no header moves a decision, nor what the function is told.</summary>
    [Fact]
    public async Task ForgedHeader_FromAStranger_ChangesNothing()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(Settings());
        string[] headers =
        [
            "X-Forwarded-For: 10.1.2.3", "X_Forwarded_For: 10.1.2.3", "Forwarded: for=10.1.2.3", "X-Real-IP: 10.1.2.3",
            "True-Client-IP: 10.1.2.3", "X-Client-IP: 10.1.2.3", "CF-Connecting-IP: 10.1.2.3", "Ali-Cdn-Real-Ip: 10.1.2.3",
        ];
        foreach (var header in headers)
        {
            var office = await GetAsync(gateway, "/office", header);
            var local = await GetAsync(gateway, "/local", header);

            Assert.Equal((header, 403, 200), (header, office.Status, local.Status));
            Assert.Equal("127.0.0.1", (string?)local.Json["headers"]!["X-Forwarded-For"]);
        }

        Assert.DoesNotContain(gateway.Log.Lines, static line => line.Contains("10.1.2.3", StringComparison.Ordinal));
    }

    /// <summary>IP-02, IP-04, IP-10, IP-11, IP-14: what a trusted proxy says decides, read from the right; nothing of it fails.</summary>
    [Theory]
    [InlineData("10.1.2.3", 200)]
    [InlineData("10.6.6.6", 403)]
    [InlineData("192.0.2.1", 403)]
    [InlineData("::ffff:10.1.2.3", 200)]
    [InlineData("::ffff:10.6.6.6", 403)]
    [InlineData("2001:db8::1", 200)]
    [InlineData("[2001:db8::1]:7", 200)]
    [InlineData("2001:db9::1", 403)]
    [InlineData("10.1.2.3:5678", 200)]
    [InlineData("10.1.2.3, 192.0.2.1", 403)] // What the client wrote itself stands to the left, and does not count.
    [InlineData("192.0.2.1, 10.1.2.3", 200)]
    [InlineData("192.0.2.1, 10.1.2.3, 10.9.0.1", 200)] // Through two trusted proxies.
    [InlineData("10.1.2.3\r\nX-Forwarded-For: 192.0.2.1", 403)] // Two lines are one list.
    [InlineData("192.0.2.1\r\nX-Forwarded-For: 10.1.2.3", 200)]
    [InlineData("10.1.2.3, unknown", 403)] // No address: the proxy itself counts, and it is not in the office.
    [InlineData("_hidden", 403)]
    [InlineData("", 403)]
    [InlineData(", ,", 403)]
    [InlineData("10.1.2.3,", 403)]
    [InlineData("10.1.2", 403)]
    [InlineData("%31%30.1.2.3", 403)]
    public async Task ForwardedFor_FromATrustedProxy_Decides(string forwardedFor, int status)
    {
        Assert.Equal(status, (await GetAsync(trusting.Gateway, "/office", $"X-Forwarded-For: {forwardedFor}")).Status);
    }

    /// <summary>IP-06: nothing slips past the list by its method or by asking for another protocol.</summary>
    [Theory]
    [InlineData("GET", "")]
    [InlineData("HEAD", "")]
    [InlineData("OPTIONS", "")]
    [InlineData("OPTIONS", "Origin: http://a.example\r\nAccess-Control-Request-Method: GET\r\n")]
    [InlineData("DELETE", "")]
    [InlineData("PURGE", "")]
    [InlineData("GET", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")]
    [InlineData("GET", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n")]
    [InlineData("POST", "Expect: 100-continue\r\nContent-Length: 5\r\n")]
    public async Task DeniedAddress_AnyKindOfRequest_IsRefusedBeforeTheBackend(string method, string headers)
    {
        var calls = 0;
        await using var function = await LoopbackServer.StartAsync(_ =>
        {
            Interlocked.Increment(ref calls);
            return Task.CompletedTask;
        });
        await using var gateway = await RunningGateway.StartSectionAsync(Settings(web: function.Address));

        var answer = await RawHttp.SendAsync(gateway.Address, $"{method} /denied HTTP/1.1\r\nHost: a\r\n{headers}\r\n");

        Assert.Equal((403, "A403IP"), (answer.Status, answer.Header("X-Ca-Error-Code")));
        Assert.Equal(0, calls);
    }

    /// <summary>IP-06 over HTTP/2, extended CONNECT included.</summary>
    [Fact]
    public async Task DeniedAddress_OverHttp2_IsRefused()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(Settings(), extra: Tcp);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Addresses[1], "/denied"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.CollectHttpResponseDetails = true;

        using var response = await gateway.Client.SendAsync(request);
        await Assert.ThrowsAsync<WebSocketException>(
            () => socket.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Addresses[1].Port}/denied"), gateway.Client, CancellationToken.None));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    /// <summary>IP-04, IP-05: a dual-stack socket gives IPv4 clients mapped addresses; lists, functions and logs know the plain one.</summary>
    [Fact]
    public async Task MappedAddress_OfADualStackSocket_IsThePlainOneEverywhere()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "No IPv6 here.");
        await using var gateway = await RunningGateway.StartSectionAsync(
            Settings(), extra: """ "Kestrel": { "Endpoints": { "a": { "Url": "http://[::]:0" } } } """);

        var local = await GetAsync(gateway, "/local", "X-Test: 1");
        var denied = await GetAsync(gateway, "/denied", "X-Test: 1");

        Assert.Equal("127.0.0.1", (string?)local.Json["headers"]!["X-Forwarded-For"]);
        Assert.Equal(403, denied.Status);
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("address 127.0.0.1 is refused", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Log.Lines, static line => line.Contains("::ffff", StringComparison.Ordinal));
    }

    /// <summary>IP-15: a Unix socket has no address. Where there is any rule, that is refused.</summary>
    [Fact]
    public async Task UnknownAddress_OfAUnixSocket_IsRefusedWhereThereIsARule()
    {
        var path = Path.Combine(Path.GetTempPath(), $"gw-{Guid.NewGuid():N}.sock");
        await using var gateway = await RunningGateway.StartSectionAsync(
            Settings(), extra: $$""" "Kestrel": { "Endpoints": { "a": { "Url": "http://127.0.0.1:0" }, "u": { "Url": "http://unix:{{path}}" } } } """);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });

        foreach (var (api, status) in new[] { ("open", 200), ("office", 403), ("denied", 403), ("app", 403) })
        {
            using var response = await client.GetAsync(new Uri($"http://localhost/{api}"));
            Assert.Equal((api, status), (api, (int)response.StatusCode));
        }
    }

    /// <summary>IP-16, as decided: the API's own policy holds instead of its group's, which holds where an API names none.</summary>
    [Fact]
    public async Task PolicyOfAnApi_HoldsInsteadOfItsGroups()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(Settings(group: """ "Policies": { "IpAccess": "office" }, """));

        Assert.Equal(403, (await GetAsync(gateway, "/open", "X-Test: 1")).Status);
        Assert.Equal(200, (await GetAsync(gateway, "/local", "X-Test: 1")).Status);
    }

    /// <summary>Addresses of an app let nobody through where no app ever proves itself.</summary>
    [Fact]
    public async Task AddressesOfAnApp_CountOnlyWhereAppsCall()
    {
        var gateway = trusting.Gateway;

        Assert.Equal("A400MA", (await GetAsync(gateway, "/app", "X-Test: 1")).Header("X-Ca-Error-Code")); // Past the list, up to the credentials.
        Assert.Equal("A403IP", (await GetAsync(gateway, "/app", "X-Forwarded-For: 192.0.2.1")).Header("X-Ca-Error-Code"));
        Assert.Equal("A403IP", (await GetAsync(gateway, "/anybody", "X-Test: 1")).Header("X-Ca-Error-Code"));
    }

    /// <summary>The address of one app admits no other, and the log says which address came.</summary>
    [Fact]
    public async Task AddressOfAnApp_WithAnotherApp_IsRefusedAndLogged()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(Settings());

        var own = await GetAsync(gateway, "/app", "Authorization: APPCODE 0123456789abcdef0123456789abcdef");
        var others = await GetAsync(gateway, "/app", "Authorization: APPCODE fedcba9876543210fedcba9876543210");

        Assert.Equal((200, 403, "A403IP"), (own.Status, others.Status, others.Header("X-Ca-Error-Code")));
        Assert.Contains(gateway.Log.Lines, line => line.Contains($"request {others.Header("X-Ca-Request-Id")}: address 127.0.0.1", StringComparison.Ordinal));
    }

    /// <summary>IP-18: the answer says no more than that; the log says who and why.</summary>
    [Fact]
    public async Task Refusal_NamesTheAddressInTheLogOnly()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(Settings());

        var answer = await GetAsync(gateway, "/denied", "X-Test: 1");

        Assert.DoesNotContain("127.0.0", answer.Body + string.Concat(answer.Headers.Select(static header => header.Value)), StringComparison.Ordinal);
        Assert.Equal("Access denied by IP Control Policy", answer.Header("X-Ca-Error-Message"));
        var line = Assert.Single(gateway.Log.Lines, static line => line.Contains("is refused", StringComparison.Ordinal));
        Assert.StartsWith("Information ", line, StringComparison.Ordinal);
        Assert.Contains($"API g/denied, request {answer.Header("X-Ca-Request-Id")}: address 127.0.0.1", line, StringComparison.Ordinal);
        Assert.Contains("Deny 127.0.0.0/8", line, StringComparison.Ordinal);
    }

    /// <summary>IP-17: a change counts for the next request of a connection that was open before.</summary>
    [Fact]
    public async Task Reload_CountsForTheNextRequestOfAnOpenConnection()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(Settings());
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        Assert.Equal(200, await AskAsync(connection, "/local"));
        var file = Path.Combine(gateway.Folder, "appsettings.json");
        var settings = await File.ReadAllTextAsync(file);

        await File.WriteAllTextAsync(file, settings.Replace("\"127.0.0.0/8\" ] }", "\"10.0.0.0/8\" ] }", StringComparison.Ordinal));

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await AskAsync(connection, "/local") != 403)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>A gateway that believes loopback peers, so that one machine can be any client.</summary>
    public sealed class TrustingGateway : IAsyncLifetime
    {
        public RunningGateway Gateway { get; private set; } = null!;

        public async ValueTask InitializeAsync()
            => Gateway = await RunningGateway.StartSectionAsync(Settings(extra: """ "TrustedProxies": [ "127.0.0.1", "10.9.0.0/16" ], """));

        public ValueTask DisposeAsync() => Gateway.DisposeAsync();
    }

    private static async Task<int> AskAsync(TcpClient connection, string path)
    {
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
        return (await RawHttp.ReadAsync(connection.GetStream(), isHead: false, CancellationToken.None)).Status;
    }

    private static Task<RawAnswer> GetAsync(RunningGateway gateway, string path, string header)
        => RawHttp.SendAsync(gateway.Address, $"GET {path} HTTP/1.1\r\nHost: a\r\n{header}\r\n\r\n");
}
