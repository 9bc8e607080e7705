using System.Diagnostics.Metrics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.TestSupport;
using Gateway.Tls;

namespace Gateway.IntegrationTests.Operations;

/// <summary>Certificates of the gateway's own addresses: which is shown to whom, and that a renewal needs no restart.</summary>
public sealed class ServerTlsTests : IDisposable
{
    private readonly TestCertificates _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("\"Kestrel\": { \"Endpoints\": { \"tls\": { \"Url\": \"https://127.0.0.1:0\" } } }")]
    [InlineData("\"Kestrel\": {}, \"urls\": \"https://127.0.0.1:0\"")]
    public async Task Handshake_HostsOfTwoCertificates_ShowsTheOneForTheHostWithItsChain(string listen)
    {
        var api = _files.Write("api", "api.example.com");
        var any = _files.Write("any", "x.shop.example.com");
        var fallback = _files.Write("fallback", "fallback.example.com");
        _files.WritePkcs12("fallback", "secret");
        await using var gateway = await StartAsync(
            $$"""
            "api": { "Hosts": [ "api.example.com" ], "Certificate": "{{_files.PathOf("api.crt")}}", "Key": "{{_files.PathOf("api.key")}}" },
            "any": { "Hosts": [ "*.shop.example.com" ], "Certificate": "{{_files.PathOf("any.crt")}}", "Key": "{{_files.PathOf("any.key")}}" },
            "fallback": { "Certificate": "{{_files.PathOf("fallback.pfx")}}", "Password": "secret" }
            """,
            listen);

        Assert.Equal((api, 2, "h2"), await ShakeHandsAsync(gateway, "api.example.com"));
        Assert.Equal((api, 2, "h2"), await ShakeHandsAsync(gateway, "API.example.COM"));
        Assert.Equal((any, 2, "h2"), await ShakeHandsAsync(gateway, "a.b.shop.example.com"));
        Assert.Equal((fallback, 2, "h2"), await ShakeHandsAsync(gateway, "other.example.com"));
        Assert.Equal((fallback, 2, "h2"), await ShakeHandsAsync(gateway, ""));
    }

    [Fact]
    public async Task Handshake_HostOfNoCertificate_IsRefused()
    {
        _files.Write("api", "api.example.com");
        await using var gateway = await StartAsync(Api(), Endpoint);

        var exception = await Record.ExceptionAsync(() => ShakeHandsAsync(gateway, "other.example.com"));

        Assert.True(exception is AuthenticationException or IOException, exception?.ToString());
    }

    [Fact]
    public async Task Request_HostOtherThanTheHandshakes_IsRoutedByItsHost()
    {
        _files.Write("api", "api.example.com");
        await using var gateway = await StartAsync(Api(), Endpoint);

        Assert.StartsWith("HTTP/1.1 200", await AskAsync(gateway, "api.example.com", "Host: other.example.com"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_Renewed_AreShownToTheNextClient()
    {
        _files.Write("api", "api.example.com");
        await using var gateway = await StartAsync(Api(), Endpoint);

        var renewed = _files.Write("api", "api.example.com");
        gateway.Get<TlsCertificateStore>().Refresh();

        Assert.Equal(renewed, (await ShakeHandsAsync(gateway, "api.example.com")).Thumbprint);
    }

    [Fact]
    public async Task Files_Broken_LeaveTheOldOneInForce()
    {
        var good = _files.Write("api", "api.example.com");
        await using var gateway = await StartAsync(Api(), Endpoint);

        await File.WriteAllTextAsync(_files.PathOf("api.crt"), "half a cert", TestContext.Current.CancellationToken);
        gateway.Get<TlsCertificateStore>().Refresh();

        Assert.Equal(good, (await ShakeHandsAsync(gateway, "api.example.com")).Thumbprint);
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("certificate api are not used", StringComparison.Ordinal));
    }

    /// <summary>A renewal that went wrong must not hold up changes of the configuration.</summary>
    [Fact]
    public async Task Reload_FilesBrokenMeanwhile_AppliesTheRestWithTheOldOne()
    {
        var good = _files.Write("api", "api.example.com");
        await using var gateway = await StartAsync(Api(), Endpoint);
        var store = gateway.Get<TlsCertificateStore>();
        await File.WriteAllTextAsync(_files.PathOf("api.crt"), "half a cert", TestContext.Current.CancellationToken);

        store.Apply(store.Read(Options("api.crt", "www.example.com")));

        Assert.Equal(good, (await ShakeHandsAsync(gateway, "www.example.com")).Thumbprint);
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("certificate api are not used", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reload_OtherFilesThatAreBroken_ChangesNothing()
    {
        var good = _files.Write("api", "api.example.com");
        await using var gateway = await StartAsync(Api(), Endpoint);
        await File.WriteAllTextAsync(_files.PathOf("new.crt"), "half a cert", TestContext.Current.CancellationToken);

        Assert.Throws<CryptographicException>(() => gateway.Get<TlsCertificateStore>().Read(Options("new.crt", "api.example.com")));

        Assert.Equal(good, (await ShakeHandsAsync(gateway, "api.example.com")).Thumbprint);
    }

    [Fact]
    public async Task Start_KeyOfAnotherCertificate_FailsNamingTheEntry()
    {
        _files.Write("api", "api.example.com");
        _files.Write("other", "other.example.com");
        File.Copy(_files.PathOf("other.key"), _files.PathOf("api.key"), overwrite: true);

        var exception = await Record.ExceptionAsync(() => StartAsync(Api(), Endpoint));

        Assert.Contains("Gateway:Tls:Certificates:api", exception?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expiry_OfACertificate_IsAGaugeAndAWarningWhenNear()
    {
        var end = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date.AddDays(3), TimeSpan.Zero);
        _files.Write("api", "api.example.com", end);
        await using var gateway = await StartAsync(Api(), Endpoint);
        var measured = new List<(long Value, string? Name)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "gateway.tls.certificate.expiry" && instrument.Meter.Scope == (object)gateway.Get<IMeterFactory>())
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => measured.Add((value, (string?)tags[0].Value)));
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.Equal([(end.ToUnixTimeSeconds(), "api")], measured);
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("Certificate api ends", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/a%2Fb/c?x=1&y=%20", "shop.example.com:8080", 308, "https://shop.example.com:8443/a%2Fb/c?x=1&y=%20")]
    [InlineData("HEAD", "/", "[::1]:8080", 308, "https://[::1]:8443/")]
    [InlineData("POST", "/", "shop.example.com", 403, null)]
    public async Task Redirect_OverPlainHttp_SendsReadersOnly(string method, string target, string host, int status, string? location)
    {
        await using var gateway = await RunningGateway.StartSectionAsync("""
            {
              "Tls": { "RedirectPort": 8443 },
              "Backends": { "m": { "Type": "Mock", "StatusCode": 200 } },
              "Groups": { "g": { "RedirectHttp": true, "Apis": { "a": { "Path": "/*", "Backend": "m", "Auth": "None", "Protocols": [ "HTTPS" ], "AllowEncodedSlash": true } } } }
            }
            """);

        var answer = await RawHttp.SendAsync(gateway.Address, $"{method} {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal((status, location), (answer.Status, answer.Header("Location")));
    }

    private const string Endpoint = "\"Kestrel\": { \"Endpoints\": { \"tls\": { \"Url\": \"https://127.0.0.1:0\" } } }";

    private TlsOptions Options(string certificate, string host) => new()
    {
        Certificates = new Dictionary<string, TlsCertificateOptions>
        {
            ["api"] = new() { Hosts = [host], Certificate = _files.PathOf(certificate), Key = _files.PathOf("api.key") },
        },
    };

    private string Api()
        => $$"""  "api": { "Hosts": [ "api.example.com" ], "Certificate": "{{_files.PathOf("api.crt")}}", "Key": "{{_files.PathOf("api.key")}}" } """;

    private static Task<RunningGateway> StartAsync(string certificates, string listen) => RunningGateway.StartSectionAsync(
        $$"""
        {
          "Tls": { "Certificates": { {{certificates}} } },
          "Backends": { "m": { "Type": "Mock", "StatusCode": 200, "Body": "hello" } },
          "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "m", "Auth": "None" } } } }
        }
        """,
        extra: listen);

    /// <summary>Makes a handshake: the leaf, how many certificates came in all, and the protocol agreed on.</summary>
    private static async Task<(string Thumbprint, int Chain, string Protocol)> ShakeHandsAsync(RunningGateway gateway, string host)
    {
        var sent = 0;
        await using var stream = await ConnectAsync(gateway, host, [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], chain => sent = chain.ChainPolicy.ExtraStore.Count);
        return (new X509Certificate2(stream.RemoteCertificate!).Thumbprint, sent, stream.NegotiatedApplicationProtocol.ToString());
    }

    private static async Task<string> AskAsync(RunningGateway gateway, string host, string header)
    {
        await using var stream = await ConnectAsync(gateway, host, [SslApplicationProtocol.Http11], static _ => { });
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\n{header}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    private static async Task<SslStream> ConnectAsync(RunningGateway gateway, string host, List<SslApplicationProtocol> protocols, Action<X509Chain> look)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", gateway.Address.Port);
        var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host,
                ApplicationProtocols = protocols,
#pragma warning disable CA5359 // The test's own authority is nobody's.
                RemoteCertificateValidationCallback = (_, _, chain, _) =>
                {
                    look(chain!);
                    return true;
                },
#pragma warning restore CA5359
            });
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
