using System.Buffers.Binary;
using System.Net.Sockets;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Gateway.IntegrationTests.Operations;

/// <summary>What a client on HTTP/2 is told while the gateway drains (lesson SD-02), seen as frames on a cleartext connection.</summary>
public class Http2DrainTests
{
    private const byte DataFrame = 0;
    private const byte HeadersFrame = 1;
    private const byte SettingsFrame = 4;
    private const byte GoAwayFrame = 7;

    [Fact]
    public async Task Request_WhileDraining_IsAnsweredAndFollowedByGoAway()
    {
        var release = new TaskCompletionSource();
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            await release.Task;
            await context.Response.WriteAsync("done");
        });
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Shutdown": { "DrainDelay": "0s" },
              "Backends": { "f": { "Type": "WebFunction", "Address": "{{function.Address}}" } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
            }
            """, extra: "\"Kestrel\": { \"Endpoints\": { \"h2c\": { \"Url\": \"http://127.0.0.1:0\", \"Protocols\": \"Http2\" } } }");
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await stream.WriteAsync(Frame(SettingsFrame, 0, 0, []), TestContext.Current.CancellationToken);

        gateway.Get<IHostApplicationLifetime>().StopApplication();
        await stream.WriteAsync(Get(1), TestContext.Current.CancellationToken);
        release.SetResult();
        var frames = await ReadToEndAsync(stream);

        Assert.Contains(frames, static frame => frame is { Type: HeadersFrame, Stream: 1 });
        Assert.Contains(frames, static frame => frame is { Type: DataFrame, Stream: 1 } && frame.Payload.AsSpan().SequenceEqual("done"u8));
        var last = frames.Last(static frame => frame.Type == GoAwayFrame).Payload;
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32BigEndian(last)); // The stream was taken,
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(last.AsSpan(4))); // and nothing is wrong.
    }

    /// <summary>HPACK from the static table: GET, http, /, and a literal authority.</summary>
    private static byte[] Get(int stream) => Frame(HeadersFrame, 0x05, stream, [0x82, 0x86, 0x84, 0x41, 0x01, (byte)'x']);

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    private static async Task<List<(byte Type, int Stream, byte[] Payload)>> ReadToEndAsync(NetworkStream stream)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        var frames = new List<(byte Type, int Stream, byte[] Payload)>();
        var head = new byte[9];
        while (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, limit.Token) == head.Length)
        {
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
            await stream.ReadExactlyAsync(payload, limit.Token);
            frames.Add((head[3], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload));
        }

        return frames;
    }
}
