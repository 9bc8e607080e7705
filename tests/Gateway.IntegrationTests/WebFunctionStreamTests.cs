using System.Net;
using System.Net.WebSockets;
using System.Text;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using static Gateway.IntegrationTests.WebFunctions;

namespace Gateway.IntegrationTests;

/// <summary>Web functions: bodies stream both ways, and WebSockets pass.</summary>
public class WebFunctionStreamTests
{
    [Fact]
    public async Task Upload_OfManyMegabytes_StreamsWithoutBeingHeld()
    {
        const int length = 64 << 20;
        var firstByteSeen = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            var block = new byte[64 * 1024];
            long total = 0;
            for (int count; (count = await context.Request.Body.ReadAsync(block)) > 0; total += count)
            {
                firstByteSeen.TrySetResult();
            }

            await context.Response.WriteAsync(total.ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
        await using var gateway = await StartAsync(function, """, "MaxRequestBody": "1GB" """);
        using var content = new GatedContent(length, firstByteSeen.Task);

        using var response = await gateway.Client.PostAsync(new Uri(gateway.Address, "/up"), content);

        Assert.Equal(length.ToString(System.Globalization.CultureInfo.InvariantCulture), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ServerSentEvents_EachArrivesWhenItIsSent()
    {
        var next = new SemaphoreSlim(0);
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 3; i++)
            {
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
                await next.WaitAsync(context.RequestAborted);
            }
        });
        await using var gateway = await StartAsync(function);

        using var response = await gateway.Client.GetAsync(new Uri(gateway.Address, "/sse"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        for (var i = 0; i < 3; i++)
        {
            // The function sends no further event before this one has been read: had the gateway held it back, this would wait for ever.
            Assert.Equal($"data: {i}", await reader.ReadLineAsync());
            Assert.Equal("", await reader.ReadLineAsync());
            next.Release();
        }

        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task WebSocket_ThroughTheDemo_EchoesBothKindsAndCloses()
    {
        await using var gateway = await RunningGateway.StartDemoAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Address.Port}/web/ws"), CancellationToken.None);

        foreach (var type in new[] { WebSocketMessageType.Text, WebSocketMessageType.Binary })
        {
            var sent = Encoding.UTF8.GetBytes("hello");
            await socket.SendAsync(sent, type, endOfMessage: true, CancellationToken.None);
            var received = new byte[64];
            var result = await socket.ReceiveAsync(received, CancellationToken.None);
            Assert.Equal(type, result.MessageType);
            Assert.Equal("hello", Encoding.UTF8.GetString(received, 0, result.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task WebSocket_OfAnHttp2Client_ReachesAnHttp1Function()
    {
        await using var gateway = await RunningGateway.StartSectionAsync(
            """
            {
              "Backends": { "web-echo": { "Type": "WebFunction" } },
              "Groups": { "g": { "Apis": { "ws": { "Path": "/*", "Methods": [ "GET" ], "Backend": "web-echo", "Auth": "None" } } } }
            }
            """,
            extra: """ "Kestrel": { "Endpoints": { "h2": { "Url": "http://127.0.0.1:0", "Protocols": "Http2" } } }""");
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Address.Port}/web/ws"), gateway.Client, CancellationToken.None);

        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var received = new byte[64];
        var result = await socket.ReceiveAsync(received, CancellationToken.None);

        Assert.Equal("hello", Encoding.UTF8.GetString(received, 0, result.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
    }

    [Fact]
    public async Task EarlyRefusal_OfAnUploadTheFunctionDoesNotRead_ReachesTheClient()
    {
        await using var function = await LoopbackServer.StartAsync(static context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("who are you");
        });
        await using var gateway = await StartAsync(function);
        using var content = new ByteArrayContent(new byte[4 << 20]);

        using var response = await gateway.Client.PostAsync(new Uri(gateway.Address, "/up"), content);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("who are you", await response.Content.ReadAsStringAsync());
    }

    /// <summary>A body whose second half is only sent once the function has seen the first byte.</summary>
    private sealed class GatedContent(int length, Task gate) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[64 * 1024];
            for (var sent = 0; sent < length; sent += block.Length)
            {
                if (sent >= length / 2)
                {
                    await gate;
                }

                await stream.WriteAsync(block);
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
