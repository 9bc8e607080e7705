using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Gateway.LocalFunctions.Tests;

public sealed class WebSocketSampleTests(SampleFixture samples) : IClassFixture<SampleFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(WebSocketMessageType.Text)]
    [InlineData(WebSocketMessageType.Binary)]
    public async Task Echo_Message_ComesBackWithItsType(WebSocketMessageType type)
    {
        using var socket = await ConnectAsync();

        await socket.SendAsync("grüße"u8.ToArray(), type, endOfMessage: true, Cancel);

        Assert.Equal((type, "grüße"), await ReceiveAsync(socket));
    }

    [Fact]
    public async Task Echo_FragmentedMessage_ComesBackAsOne()
    {
        using var socket = await ConnectAsync();
        var part = new string('x', 40_000);

        await socket.SendAsync(Encoding.UTF8.GetBytes("a" + part), WebSocketMessageType.Text, endOfMessage: false, Cancel);
        await socket.SendAsync(Encoding.UTF8.GetBytes("b" + part), WebSocketMessageType.Text, endOfMessage: false, Cancel);
        await socket.SendAsync(Array.Empty<byte>(), WebSocketMessageType.Text, endOfMessage: true, Cancel);
        await socket.SendAsync("next"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancel);

        Assert.Equal((WebSocketMessageType.Text, "a" + part + "b" + part), await ReceiveAsync(socket));
        Assert.Equal((WebSocketMessageType.Text, "next"), await ReceiveAsync(socket));
    }

    [Fact]
    public async Task Echo_Close_IsAnsweredWithItsStatus()
    {
        using var socket = await ConnectAsync();

        await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "leaving", Cancel);

        Assert.Equal(WebSocketState.Closed, socket.State);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.Equal("leaving", socket.CloseStatusDescription);
    }

    /// <summary>A browser's <c>close()</c> sends no status; the framework's own client cannot do that.</summary>
    [Fact]
    public async Task Echo_CloseWithoutStatus_IsAnsweredAsNormal()
    {
        var address = samples.EchoAddress("/ws");
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Cancel);
        var connection = client.GetStream();
        await connection.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"GET {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
            Cancel);
        byte[] maskedEmptyClose = [0x88, 0x80, 1, 2, 3, 4];
        await connection.WriteAsync(maskedEmptyClose, Cancel);

        var answer = new MemoryStream();
        await connection.CopyToAsync(answer, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        byte[] normalClose = [0x88, 2, 1000 >> 8, 1000 & 0xff];
        Assert.Equal(normalClose, answer.ToArray()[^4..]);
    }

    [Fact]
    public async Task Echo_SubProtocolAskedFor_IsAccepted()
    {
        using var socket = await ConnectAsync("chat.v1");

        Assert.Equal("chat.v1", socket.SubProtocol);
    }

    private async Task<ClientWebSocket> ConnectAsync(string? subProtocol = null)
    {
        var socket = new ClientWebSocket();
        if (subProtocol is not null)
        {
            socket.Options.AddSubProtocol(subProtocol);
        }

        var address = new UriBuilder(samples.EchoAddress("/web/ws")) { Scheme = "ws" };
        await socket.ConnectAsync(address.Uri, Cancel);
        return socket;
    }

    private static async Task<(WebSocketMessageType Type, string Text)> ReceiveAsync(WebSocket socket)
    {
        var message = new MemoryStream();
        var buffer = new byte[8192];
        WebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer, Cancel);
            message.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);

        return (received.MessageType, Encoding.UTF8.GetString(message.ToArray()));
    }
}
