using System.Net.WebSockets;
using System.Text;
using Gateway.TestSupport;

namespace Gateway.LocalFunctions.Tests;

public sealed class WebFunctionTests(CustomFixture fixture) : IClassFixture<CustomFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_AnyTarget_ArrivesByteForByteWithTheServicesHeaders()
    {
        var function = await fixture.StartAsync();
        const string target = "/a%2Fb/./%7e/../x//y?q=a+b&q=%20&$x";

        var answer = await RawHttp.SendAsync(
            function.Host.Address,
            $"PURGE /web/probe{target} HTTP/1.1\r\nHost: shop.example\r\nX-Custom: one\r\nX-Custom: two\r\nX-Fc-Request-Id: forged\r\nx-fc-account-id: forged\r\n"
                + "Upgrade-Insecure-Requests: 1\r\nContent-Length: 2\r\n\r\nok");

        var call = answer.Json;
        Assert.Equal("PURGE", (string)call["method"]!);
        Assert.Equal(target, (string)call["url"]!);
        Assert.Equal("shop.example", (string)call["headers"]!["host"]!);
        Assert.Equal("one, two", (string)call["headers"]!["x-custom"]!);
        Assert.Equal("1", (string)call["headers"]!["upgrade-insecure-requests"]!);
        Assert.Equal("/http-invoke", (string)call["headers"]!["x-fc-control-path"]!);
        Assert.Equal("probe", (string)call["headers"]!["x-fc-function-name"]!);
        Assert.Equal("0", (string)call["headers"]!["x-fc-account-id"]!);
        Assert.True(Guid.TryParse((string)call["headers"]!["x-fc-request-id"]!, out _));
        Assert.DoesNotContain("traceparent", call["headers"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("?a=1", "/?a=1")]
    public async Task Request_NothingBehindTheName_IsForTheRoot(string rest, string expected)
    {
        var function = await fixture.StartAsync();

        var answer = await RawHttp.SendAsync(function.Host.Address, $"GET /web/probe{rest} HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Equal(expected, (string)answer.Json["url"]!);
    }

    [Fact]
    public async Task Answer_OfTheProcess_IsUnchanged()
    {
        var function = await fixture.StartAsync();

        var answer = await RawHttp.SendAsync(function.Host.Address, "GET /web/probe/teapot HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Equal((418, "tea"), (answer.Status, answer.Body));
        Assert.Equal(["a=1", "b=2"], answer.Headers.Where(static header => header.Name == "Set-Cookie").Select(static header => header.Value));
        Assert.Equal("kept", answer.Header("X-Fc-Thing"));
        Assert.Equal("grüße", answer.Header("X-Text"));
    }

    [Fact]
    public async Task Requests_AtOnce_ShareOneProcessAndAnswersStream()
    {
        var function = await fixture.StartAsync();
        using var client = new HttpClient();

        // Either is answered only when both are there.
        var met = await Task.WhenAll(client.GetStringAsync(function.WebAddress + "/meet", Cancel), client.GetStringAsync(function.WebAddress + "/meet", Cancel))
            .WaitAsync(Patience, Cancel);
        Assert.Equal(met[0], met[1]);

        using var held = await client.GetAsync(function.WebAddress + "/hold", HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var reader = new StreamReader(await held.Content.ReadAsStreamAsync(Cancel));
        Assert.StartsWith("pid ", await reader.ReadLineAsync(Cancel).AsTask().WaitAsync(Patience, Cancel), StringComparison.Ordinal);
        await client.GetStringAsync(function.WebAddress + "/release", Cancel);
        Assert.Equal("end", await reader.ReadToEndAsync(Cancel).WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task Request_LargeBody_ArrivesWhole()
    {
        var function = await fixture.StartAsync();
        using var client = new HttpClient();

        using var response = await client.PostAsync(function.WebAddress + "/count", new ByteArrayContent(new byte[40_000_000]), Cancel);

        Assert.Equal("40000000", await response.ReadTextAsync());
    }

    [Fact]
    public async Task WebSocket_Message_ComesBack()
    {
        var function = await fixture.StartAsync();
        using var socket = new ClientWebSocket();

        await socket.ConnectAsync(new UriBuilder(function.WebAddress + "/ws") { Scheme = "ws" }.Uri, Cancel);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancel);

        var buffer = new byte[64];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), Cancel).AsTask().WaitAsync(Patience, Cancel);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
    }

    [Theory]
    [InlineData("/%77eb/probe/")]
    [InlineData("/x/../web/probe/")]
    public async Task Target_OnlyDecodedALikelyOne_IsNotForTheFunction(string target)
    {
        var function = await fixture.StartAsync();

        var answer = await RawHttp.SendAsync(function.Host.Address, $"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Equal((400, "PathNotSupported"), (answer.Status, (string)answer.Json["Code"]!));
    }
}
