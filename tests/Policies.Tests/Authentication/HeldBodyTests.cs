using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>Lessons HM-21 (bounded), HM-24 (the proxy still has the body to send) and TO-10 (the limit comes before any buffering).</summary>
public sealed class HeldBodyTests : IDisposable
{
    private const int MemoryLimit = 100_000;
    private const int Limit = 10_000_000;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    public static TheoryData<int, string> Sizes => new()
    {
        { 0, "memory" },
        { 1, "memory" },
        { 65_536, "memory" },
        { 65_537, "memory" },
        { MemoryLimit, "memory" },
        { MemoryLimit + 1, "file" },
        { 3_000_000, "file" },
    };

    public void Dispose() => _client.Dispose();

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Hold_AnySize_GivesAllBytesAndTheirMd5(int size, string place)
    {
        await using var server = await HoldingServer.StartAsync();

        await AssertHeldAsync(server.Address, size, place, isChunked: false);
        await AssertHeldAsync(server.Address, size, place, isChunked: true);
        await AssertHeldAsync(server.Http2Address, size, place, isChunked: false, HttpVersion.Version20);
        await AssertHeldAsync(server.Http2Address, size, place, isChunked: true, HttpVersion.Version20);
    }

    /// <summary>Event functions read the body through its pipe.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Hold_ThenReadingThePipe_GivesAllBytes(int size, string place)
    {
        await using var server = await HoldingServer.StartAsync(new Holding { ReadsPipe = true });

        await AssertHeldAsync(server.Address, size, place, isChunked: false);
        await AssertHeldAsync(server.Address, size, place, isChunked: true);
    }

    /// <summary>HM-24: 5 MiB through the forwarder of web functions, with the framing the client chose.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    [InlineData(5 << 20, false)]
    [InlineData(5 << 20, true)]
    public async Task Hold_ThenForwarding_SendsAllBytesWithTheSameFraming(int size, bool isChunked)
    {
        await using var backend = await LoopbackServer.StartAsync(async context =>
        {
            var md5 = await MD5.HashDataAsync(context.Request.Body);
            await context.Response.WriteAsync($"{context.Request.ContentLength} {context.Request.Headers.TransferEncoding} {Convert.ToHexString(md5)}");
        });
        await using var server = await HoldingServer.StartAsync(new Holding { Backend = backend.Address });
        var body = RandomNumberGenerator.GetBytes(size);

        using var response = await PostAsync(server.Address, body, isChunked);

        Assert.Equal($"{(isChunked ? "" : size)} {(isChunked ? "chunked" : "")} {Convert.ToHexString(MD5.HashData(body))}", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(0, "memory")]
    [InlineData(1, "file")]
    [InlineData(200_000, "file")]
    public async Task Hold_WithoutMemory_PutsEveryByteIntoTheFile(int size, string place)
    {
        await using var server = await HoldingServer.StartAsync(new Holding { MemoryLimit = 0 });

        await AssertHeldAsync(server.Address, size, place, isChunked: false);
    }

    [Fact]
    public async Task Hold_OfASlowBody_WaitsForAllOfIt()
    {
        await using var server = await HoldingServer.StartAsync();
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        connection.NoDelay = true;
        var stream = connection.GetStream();

        await WriteAsync(stream, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
        await server.Arrived.Task;
        foreach (var character in "hello")
        {
            await WriteAsync(stream, character.ToString());
            await Task.Yield();
        }

        var answer = await RawHttp.ReadAsync(stream, isHead: false, CancellationToken.None);
        Assert.Equal("hello", answer.Body);
        Assert.StartsWith("memory 5 ", answer.Header("X-Held"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hold_OfATooSlowBody_IsRefusedWith408()
    {
        await using var server = await HoldingServer.StartAsync(new Holding { Slowest = new MinDataRate(1_000_000, TimeSpan.FromSeconds(1.01)) });

        var answer = await RawHttp.SendAsync(server.Address, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\nabc");

        Assert.Equal((408, "I408RT"), (answer.Status, answer.Body));
    }

    /// <summary>As with every refusal, the rest of the body is the server's to drain or to cut off.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hold_OverTheLimit_IsRefusedWith413(bool isChunked)
    {
        await using var server = await HoldingServer.StartAsync();

        using var atLimit = await PostAsync(server.Address, new byte[Limit], isChunked);
        using var over = await PostAsync(server.Address, new byte[Limit + 1], isChunked);

        Assert.Equal(HttpStatusCode.OK, atLimit.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, over.StatusCode);
        Assert.Equal("I413RL", await over.Content.ReadAsStringAsync());
        Assert.Empty(server.Lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hold_OverTheServersOwnLimit_IsRefusedWith413(bool isChunked)
    {
        await using var server = await HoldingServer.StartAsync(new Holding { ServerLimit = 1000 });

        using var over = await PostAsync(server.Address, new byte[1001], isChunked);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, over.StatusCode);
        Assert.Equal("I413RL", await over.Content.ReadAsStringAsync());
    }

    /// <summary>TO-10: whoever asks first whether to send too much is told no, and has sent nothing.</summary>
    [Theory]
    [InlineData(5, "HTTP/1.1 100 Continue")]
    [InlineData(Limit + 1, "HTTP/1.1 413 Payload Too Large")]
    public async Task Hold_OfAClientThatAsksFirst_AnswersByTheLength(int length, string firstLine)
    {
        await using var server = await HoldingServer.StartAsync();
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        var stream = connection.GetStream();

        await WriteAsync(stream, $"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n");

        using var reader = new StreamReader(stream, Encoding.Latin1);
        Assert.Equal(firstLine, await reader.ReadLineAsync());
        if (length == 5)
        {
            await WriteAsync(stream, "hello");
            Assert.Equal("", await reader.ReadLineAsync());
            Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync());
        }
    }

    [Fact]
    public async Task Hold_OfABadlyFramedBody_IsRefusedWith400()
    {
        await using var server = await HoldingServer.StartAsync();

        var answer = await RawHttp.SendAsync(server.Address, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n");

        Assert.Equal((400, "I400BD"), (answer.Status, answer.Body));
    }

    /// <summary>Whether the server notices the end of the body or of the connection first is a matter of luck.</summary>
    [Theory]
    [InlineData(10, true)]
    [InlineData(10, false)]
    [InlineData(MemoryLimit + 70_000, true)] // A file is there already.
    [InlineData(MemoryLimit + 70_000, false)]
    public async Task Hold_OfAClientThatIsGone_HoldsNothing(int sent, bool isReset)
    {
        await using var server = await HoldingServer.StartAsync();
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        await WriteAsync(connection.GetStream(), $"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {Limit}\r\n\r\n{new string('a', sent)}");
        await server.Arrived.Task;

        connection.Client.LingerState = new LingerOption(enable: isReset, seconds: 0);
        connection.Close();

        var (body, _, status, _) = await server.Done.Task;
        Assert.Null(body);
        Assert.True(status is 400 or 499, $"answered {status}");
        Assert.Empty(server.Lines);
    }

    [Fact]
    public async Task Hold_InAFolderThatIsMissing_IsRefusedWith500AndTheLogNamesTheFolder()
    {
        const string missing = "/no/such/folder";
        await using var server = await HoldingServer.StartAsync(new Holding { Folder = missing });

        using var large = await PostAsync(server.Address, new byte[MemoryLimit + 1], isChunked: false);
        using var small = await PostAsync(server.Address, new byte[MemoryLimit], isChunked: false);

        Assert.Equal(HttpStatusCode.InternalServerError, large.StatusCode);
        Assert.Equal("X500ER", await large.Content.ReadAsStringAsync());
        Assert.Contains(missing, Assert.Single(server.Lines), StringComparison.Ordinal);
        Assert.Contains("Error 1101 Request REQUEST-1", server.Lines.Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
    }

    /// <summary>The memory may be somebody else's once the response is done: nothing of it can be read any more.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(MemoryLimit + 1)]
    public async Task Hold_OnceTheResponseIsDone_GivesNothingAnyMore(int size)
    {
        await using var server = await HoldingServer.StartAsync();

        using var response = await PostAsync(server.Address, new byte[size], isChunked: false);

        var (body, stream, _, _) = await server.Done.Task;
        Assert.Equal(size <= MemoryLimit, body!.IsInMemory);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.ReadExactlyAsync(new byte[1]));
        Assert.Equal(0, body.IsInMemory ? body.Bytes.Length : 0);
    }

    private static async Task WriteAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    private async Task AssertHeldAsync(Uri address, int size, string place, bool isChunked, Version? version = null)
    {
        var body = RandomNumberGenerator.GetBytes(size);

        using var response = await PostAsync(address, body, isChunked, version);

        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal($"{place} {size} {Convert.ToHexString(MD5.HashData(body))}", response.Headers.GetValues("X-Held").Single());
    }

    private async Task<HttpResponseMessage> PostAsync(Uri address, byte[] body, bool isChunked, Version? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = isChunked ? new StreamContent(new UnseekableStream(body)) : new ByteArrayContent(body),
        };
        request.Headers.TransferEncodingChunked = isChunked && request.Version.Major == 1 ? true : null;
        return await _client.SendAsync(request);
    }

    /// <summary>A stream whose length nobody can know, so that a client sends it without one.</summary>
    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
