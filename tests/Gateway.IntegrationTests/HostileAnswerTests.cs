using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>Web functions and clients that keep to HTTP only in part: what the other side gets is HTTP all the same.</summary>
public class HostileAnswerTests
{
    private static Task<RunningGateway> StartAsync(string address, string? extra = null) => RunningGateway.StartSectionAsync(
        $$"""
        {
          "Backends": {
            "web": { "Type": "WebFunction", "Address": "{{address}}", "Timeout": "300ms" },
            "event": { "Type": "EventFunction", "Address": "{{address}}" },
            "mock": { "Type": "Mock", "Body": "mock" }
          },
          "Groups": {
            "g": {
              "Apis": {
                "web": { "Path": "/web", "Backend": "web", "Auth": "None" },
                "event": { "Path": "/event", "Backend": "event", "Auth": "None" },
                "mock": { "Path": "/mock", "Backend": "mock", "Auth": "None" }
              }
            }
          }
        }
        """,
        extra: extra);

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nhi", 204)]
    [InlineData("HTTP/1.1 205 Reset Content\r\nContent-Length: 2\r\n\r\nhi", 205)]
    [InlineData("HTTP/1.1 205 Reset Content\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 205)]
    public async Task Answer_WithABodyThatItsStatusForbids_LosesIt(string raw, int status)
    {
        await using var function = await RawServer.StartExactAsync(raw);
        await using var gateway = await StartAsync(function.Address);

        var answer = await RawHttp.SendAsync(gateway.Address, "GET /web HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.Equal(status, answer.Status);
        Assert.Equal("", answer.Body);
        Assert.NotNull(answer.Header("X-Ca-Request-Id"));
        Assert.Empty(gateway.Log.Errors);
    }

    [Fact]
    public async Task Answer_ThatForgesAnyHeaderOfErrors_LosesIt()
    {
        await using var function = await RawServer.StartExactAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nx-ca-error-code: a\r\nX-Ca-Error-Other: b\r\n\r\n");
        await using var gateway = await StartAsync(function.Address);

        var answer = await RawHttp.SendAsync(gateway.Address, "GET /web HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain(answer.Headers, static header => header.Name.StartsWith("X-Ca-Error", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Trailers_ThatForgeTheGatewaysHeaders_LoseThem()
    {
        await using var function = await RawServer.StartExactAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Ca-Error-Code: a\r\nX-Ca-Request-Id: b\r\nContent-Length: 9\r\nX-Sum: 42\r\n\r\n");
        await using var gateway = await StartAsync(
            function.Address, """ "Kestrel": { "Endpoints": { "h2": { "Url": "http://127.0.0.1:0", "Protocols": "Http2" } } }""");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/web"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal("hi", await answer.Content.ReadAsStringAsync());
        Assert.Equal("X-Sum", Assert.Single(answer.TrailingHeaders).Key, ignoreCase: true);
    }

    [Fact]
    public async Task Answer_WithControlCharacters_IsLoggedWithoutThem()
    {
        await using var function = await RawServer.StartExactAsync("\u001b[31mgarbage\u0007\r\n\r\n");
        await using var gateway = await StartAsync(function.Address);

        await RawHttp.SendAsync(gateway.Address, "GET /web HTTP/1.1\r\nHost: x\r\n\r\n");

        var line = Assert.Single(gateway.Log.Lines, static line => line.Contains("ForwarderErrorMiddleware", StringComparison.Ordinal));
        Assert.Contains("N502RE", line, StringComparison.Ordinal);
        Assert.Contains(@"\x1b[31mgarbage\x07", line, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ThatPausesForLongerThanTheTimeout_IsTheClientsFault()
    {
        await using var function = await LoopbackServer.StartAsync(static context => context.Request.Body.CopyToAsync(Stream.Null));
        await using var gateway = await StartAsync(function.Address);

        var answer = await RawHttp.SendAsync(gateway.Address, "POST /web HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");

        Assert.Equal((408, "I408RT"), (answer.Status, answer.Header("X-Ca-Error-Code")));
    }

    /// <summary>The CONNECT of RFC 8441. A mock would answer it with a body, which the server does not allow.</summary>
    [Theory]
    [InlineData("/mock")]
    [InlineData("/event")]
    public async Task WebSocketOverHttp2_ToWhatIsNoWebFunction_IsRefused(string path)
    {
        await using var gateway = await StartAsync(
            "http://127.0.0.1:1", """ "Kestrel": { "Endpoints": { "h2": { "Url": "http://127.0.0.1:0", "Protocols": "Http2" } } }""");
        using var request = new HttpRequestMessage(HttpMethod.Connect, new Uri(gateway.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Protocol = "websocket";

        using var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("I405UM", Assert.Single(answer.Headers.GetValues("X-Ca-Error-Code")));
        Assert.Empty(gateway.Log.Errors);
    }

    /// <summary>What HTTP/2 lets into a path would be two words of an HTTP/1.1 request line.</summary>
    [Fact]
    public async Task QueryOverHttp2_WithABlank_ReachesNoFunction()
    {
        await using var gateway = await StartAsync(
            "http://127.0.0.1:1", """ "Kestrel": { "Endpoints": { "h2": { "Url": "http://127.0.0.1:0", "Protocols": "Http2" } } }""");
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        var stream = client.GetStream();

        await stream.WriteAsync(Http2Request("/web?a HTTP/1.1"));

        // :status 400 is index 12 of the static table of HPACK: one byte at the start of the HEADERS frame.
        Assert.Equal(0x8c, await ReadFirstHeadersByteAsync(stream));
    }

    private static byte[] Http2Request(string path)
    {
        // :method GET, :scheme http, :authority x, :path.
        var block = (byte[])[0x82, 0x86, 0x01, 1, (byte)'x', 0x04, (byte)path.Length, .. Encoding.ASCII.GetBytes(path)];
        return [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, (byte)block.Length, 1, 5, 0, 0, 0, 1, .. block];
    }

    private static async Task<byte> ReadFirstHeadersByteAsync(NetworkStream stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var head = new byte[9];
        while (true)
        {
            await stream.ReadExactlyAsync(head, limit.Token);
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload, limit.Token);
            if (head[3] == 1)
            {
                return payload.First(static b => b >= 0x80); // Behind a change of the table's size, if there is one.
            }
        }
    }
}
