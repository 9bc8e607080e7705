using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Gateway.Hosting.Draining;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.IntegrationTests.Operations;

/// <summary>A stop closes WebSockets in order, at both ends (lesson SD-01).</summary>
public class WebSocketDrainTests
{
    [Fact]
    public async Task Stop_IdleWebSocket_ClosesBothEndsWith1001()
    {
        await using var backend = await SocketBackend.StartAsync(static socket => ReceiveToTheEndAsync(socket));
        await using var gateway = await RunningGateway.StartSectionAsync(Web(backend.Address));
        using var client = await ConnectAsync(gateway);

        var stop = gateway.StopAsync();
        var close = await client.ReceiveAsync(new byte[64], TestContext.Current.CancellationToken);
        await client.CloseOutputAsync(client.CloseStatus!.Value, null, TestContext.Current.CancellationToken);

        Assert.Equal((WebSocketMessageType.Close, (WebSocketCloseStatus?)1001), (close.MessageType, close.CloseStatus));
        Assert.Equal((WebSocketCloseStatus?)1001, await backend.Closed.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        await stop.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stop_ClientThatDoesNotAnswer_ClosesTheBackendAllTheSame()
    {
        await using var backend = await SocketBackend.StartAsync(static socket => ReceiveToTheEndAsync(socket));
        await using var gateway = await RunningGateway.StartSectionAsync(Web(backend.Address));
        using var client = await ConnectAsync(gateway);

        var stop = gateway.StopAsync();

        Assert.Equal((WebSocketCloseStatus?)1001, await backend.Closed.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        await stop.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(WebSocketMessageType.Text, 100)]
    [InlineData(WebSocketMessageType.Binary, 20_000)]
    [InlineData(WebSocketMessageType.Binary, 200_000)]
    public async Task Stop_BackendThatNeverPauses_ClosesBetweenTwoFramesOfAMessage(WebSocketMessageType type, int frame)
    {
        await using var backend = await SocketBackend.StartAsync(async socket =>
        {
            var receiving = ReceiveToTheEndAsync(socket);
            var payload = Encoding.ASCII.GetBytes(new string('x', frame));
            while (!receiving.IsCompleted)
            {
                // One message of endless fragments: the gateway's frame has to go between them.
                await socket.SendAsync(payload, type, endOfMessage: false, CancellationToken.None);
            }

            return await receiving;
        });
        await using var gateway = await RunningGateway.StartSectionAsync(Web(backend.Address));
        using var client = await ConnectAsync(gateway);
        var buffer = new byte[64 << 10];
        Assert.Equal(type, (await client.ReceiveAsync(buffer, TestContext.Current.CancellationToken)).MessageType);

        var stop = gateway.StopAsync();
        WebSocketReceiveResult result;
        do
        {
            result = await client.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(result.MessageType == WebSocketMessageType.Close || buffer.AsSpan(0, result.Count).IndexOfAnyExcept((byte)'x') < 0);
        }
        while (result.MessageType != WebSocketMessageType.Close);

        await client.CloseOutputAsync(result.CloseStatus!.Value, null, TestContext.Current.CancellationToken);
        Assert.Equal((WebSocketCloseStatus?)1001, result.CloseStatus);
        Assert.Equal((WebSocketCloseStatus?)1001, await backend.Closed.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        await stop.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Close_WithinAFrame_WaitsForItsEndAndDropsWhatFollows()
    {
        using var closing = new CancellationTokenSource();
        await using var pair = await SocketPair.CreateAsync();
        await using var stream = new ClosableWebSocketStream(pair.Server, closing.Token);
        byte[] text = [0x81, 0x05, .. "hello"u8];

        await stream.WriteAsync(text.AsMemory(0, 4), TestContext.Current.CancellationToken);
        await closing.CancelAsync();
        await stream.WriteAsync(text.AsMemory(4).ToArray().Concat(text).ToArray(), TestContext.Current.CancellationToken);
        await stream.WriteAsync(text, TestContext.Current.CancellationToken);

        Assert.Equal([.. text, 0x88, 0x02, 0x03, 0xe9], await pair.ReadClientAsync(text.Length + 4));
    }

    [Fact]
    public async Task Close_AfterTheBackendsOwn_AddsNothing()
    {
        using var closing = new CancellationTokenSource();
        await using var pair = await SocketPair.CreateAsync();
        await using (var stream = new ClosableWebSocketStream(pair.Server, closing.Token))
        {
            await stream.WriteAsync(new byte[] { 0x88, 0x02, 0x03, 0xe8 }, TestContext.Current.CancellationToken);
            await closing.CancelAsync();
            await stream.WriteAsync(new byte[] { 0x81, 0x00 }, TestContext.Current.CancellationToken);
        }

        Assert.Equal([0x88, 0x02, 0x03, 0xe8], await pair.ReadClientAsync(100));
    }

    private static async Task<WebSocketCloseStatus?> ReceiveToTheEndAsync(WebSocket socket)
    {
        var buffer = new byte[1024];
        while ((await socket.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
        {
        }

        return socket.CloseStatus;
    }

    private static async Task<ClientWebSocket> ConnectAsync(RunningGateway gateway)
    {
        var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(gateway.Address) { Scheme = "ws" }.Uri, TestContext.Current.CancellationToken);
        return client;
    }

    private static string Web(string address) => $$"""
        {
          "Backends": { "f": { "Type": "WebFunction", "Address": "{{address}}" } },
          "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
        }
        """;

    /// <summary>A backend that takes one WebSocket and tells how it was closed.</summary>
    private sealed class SocketBackend(LoopbackServer server, Task<WebSocketCloseStatus?> closed) : IAsyncDisposable
    {
        public string Address => server.Address;

        public Task<WebSocketCloseStatus?> Closed => closed;

        public static async Task<SocketBackend> StartAsync(Func<WebSocket, Task<WebSocketCloseStatus?>> talk)
        {
            var closed = new TaskCompletionSource<WebSocketCloseStatus?>(TaskCreationOptions.RunContinuationsAsynchronously);
            var server = await LoopbackServer.StartAsync(async context =>
            {
                using var socket = await AcceptAsync(context);
                closed.SetResult(await talk(socket));
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            });
            return new SocketBackend(server, closed.Task);
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private static async Task<WebSocket> AcceptAsync(HttpContext context)
        {
            var key = context.Request.Headers.SecWebSocketKey.ToString() + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
#pragma warning disable CA5350 // What RFC 6455 §4.2.2 asks for.
            var accept = Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(Encoding.ASCII.GetBytes(key)));
#pragma warning restore CA5350
            context.Response.Headers.Upgrade = "websocket";
            context.Response.Headers.Connection = "Upgrade";
            context.Response.Headers.SecWebSocketAccept = accept;
            var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        }
    }

    /// <summary>Two ends of a TCP connection.</summary>
    private sealed class SocketPair(TcpClient client, TcpClient server) : IAsyncDisposable
    {
        public Stream Server { get; } = server.GetStream();

        public static async Task<SocketPair> CreateAsync()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
            return new SocketPair(client, await listener.AcceptTcpClientAsync());
        }

        /// <summary>Reads as many bytes, or all there are when the other end closes.</summary>
        public async Task<byte[]> ReadClientAsync(int count)
        {
            var buffer = new byte[count];
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            return buffer[..await client.GetStream().ReadAtLeastAsync(buffer, count, throwOnEndOfStream: false, limit.Token)];
        }

        public ValueTask DisposeAsync()
        {
            client.Dispose();
            server.Dispose();
            return default;
        }
    }
}
