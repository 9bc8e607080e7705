using System.Collections.Concurrent;
using System.Text;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>Raw requests that no client sends by mistake: each is refused or forwarded exactly, and both sides agree where the next begins.</summary>
public class HostileInputTests(HostileGateway gateway) : IClassFixture<HostileGateway>
{
    private const string Get = "GET /web/ HTTP/1.1\r\nHost: x\r\n";
    private const string Post = "POST /web/ HTTP/1.1\r\nHost: x\r\n";
    private const string PostEvent = "POST /event/ HTTP/1.1\r\nHost: x\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n\r\n";
    private const string Last = "0\r\n\r\n";

    /// <summary>What nobody may send (security advisories of other gateways), and the answers up to a request behind it, which gives 202.</summary>
    public static TheoryData<string, string> Requests => new()
    {
        // Two framings, or none that all readers agree on.
        { Post + "Content-Length: 6\r\n" + Chunked + Last + "GET /web/smuggled HTTP/1.1\r\nHost: x\r\n\r\n", "200" },
        { Post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "400" },
        { Post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "400" },
        { Post + "Content-Length: 3, 3\r\n\r\nabc", "400" },
        { Post + "Content-Length:\r\n\r\n", "400" },
        { Post + "Content-Length: -1\r\n\r\n", "400" },
        { Post + "Content-Length: 0x3\r\n\r\nabc", "400" },
        { Post + "Content-Length: 3 4\r\n\r\nabc", "400" },
        { Post + "Content-Length: 9223372036854775807\r\n\r\nabc", "413 …" },
        { Post + "Content-Length: 9223372036854775808\r\n\r\nabc", "400" },
        { Post + "Content-Length: 18446744073709551619\r\n\r\nabc", "400" },
        { Post + "Content-Length: 99999999999999999999999999999999\r\n\r\nabc", "400" },
        { Post + "Content-Length : 3\r\n\r\nabc", "400" },
        { Post + "Transfer-Encoding: xchunked\r\n\r\n" + Last, "400" },
        { Post + "Transfer-Encoding: identity\r\n\r\n" + Last, "400" },
        { Post + "Transfer-Encoding: chunked, identity\r\n\r\n" + Last, "400" },
        { Post + "Transfer-Encoding: gzip, chunked\r\n\r\n" + Last, "400 202" },
        { Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + Last, "400" },
        { Post + "Transfer-Encoding:\u000bchunked\r\n\r\n" + Last, "400" },
        { Post + "Transfer-Encoding: \"chunked\"\r\n\r\n" + Last, "400" },
        { Post + "Transfer-Encoding:\r\n chunked\r\n\r\n" + Last, "400" },
        { Post + "Transfer-Encoding : chunked\r\n\r\n" + Last, "400" },
        { Post + "Transfer_Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc", "200 202" },
        { Post + "Content_Length: 9\r\nContent-Length: 3\r\n\r\nabc", "200 202" },
        { "POST /web/ HTTP/1.0\r\nHost: x\r\n" + Chunked + Last, "200" },

        // Chunks.
        { Post + Chunked + "3;a\nb\r\nabc\r\n" + Last, "400" },
        { PostEvent + Chunked + "3;a\nb\r\nabc\r\n" + Last, "400" },
        { PostEvent + Chunked + "3;a\rb\r\nabc\r\n" + Last, "400" },
        { PostEvent + Chunked + "0x3\r\nabc\r\n" + Last, "400" },
        { PostEvent + Chunked + "+3\r\nabc\r\n" + Last, "400" },
        { PostEvent + Chunked + "-3\r\nabc\r\n" + Last, "400" },
        { PostEvent + Chunked + "0_3\r\nabc\r\n" + Last, "400" },
        { PostEvent + Chunked + "3\nabc\r\n" + Last, "400" },
        { PostEvent + Chunked + "3\r\nabcd\r\n" + Last, "400" },
        { PostEvent + Chunked + "3\r\nabc" + Last, "400" },
        { PostEvent + Chunked + "ffffffffffffffff\r\nabc\r\n" + Last, "400" },
        { PostEvent + Chunked + "10000000000000003\r\nabc\r\n" + Last, "400" },
        { PostEvent + Chunked + "\r\nabc\r\n" + Last, "400" },
        { PostEvent + Chunked + "3\r\nabc\r\n0\r\nno colon\r\n\r\n", "400" },
        { Post + Chunked + "3\r\nabc\r\n0\r\nContent-Length: 9\r\nX-Ca-Key: a\r\nHost: y\r\n\r\n", "200 202" },

        // Heads.
        { Get + "A: b\r\n c\r\n\r\n", "400" },
        { Get + " A: b\r\n\r\n", "400" },
        { Get + "A: b\rB: c\r\n\r\n", "400" },
        { Get + "A: b\0c\r\n\r\n", "400" },
        { Get + ": b\r\n\r\n", "400" },
        { Get + "no colon\r\n\r\n", "400" },
        { Get + "A\u00e9: b\r\n\r\n", "400" },
        { Get + "Host: y\r\n\r\n", "400" },
        { "GET /web/ HTTP/1.1\r\n\r\n", "400" },
        { "GET /web/ HTTP/1.1\r\nHost: x@y\r\n\r\n", "400" },
        { "GET /web/ HTTP/1.1\r\nHost: x, y\r\n\r\n", "400" },
        { "GET /web/ HTTP/1.1\r\nHost: x/y\r\n\r\n", "400" },
        { "GET /web/ HTTP/1.1\r\nHost: [::1\r\n\r\n", "400" },
        { "GET /web/ HTTP/1.1\nHost: x\n\n", "200 202" }, // RFC 9112 §2.2 lets a server take a lone LF; the head goes on written anew.

        // Targets.
        { "GET http://y/web/ HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
        { "GET http://x#/web/ HTTP/1.1\r\nHost: x\r\n\r\n", "400 202" },
        { "GET http://x\\y/web/ HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
        { "GET ftp://x/web/ HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
        { "GET /web/?a\rb HTTP/1.1\r\nHost: x\r\n\r\n", "400 202" },
        { "GET /web/?a\u000cb HTTP/1.1\r\nHost: x\r\n\r\n", "400 202" },
        { "GET /web/?a#b HTTP/1.1\r\nHost: x\r\n\r\n", "400 202" },
        { "GET /web/?a\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
        { "GET /web/?a b HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
        { "GET  /web/ HTTP/1.1\r\nHost: x\r\n\r\n", "400" },
        { "GET /web/ HTTP/1.1 \r\nHost: x\r\n\r\n", "400" },
        { "GET /web/ HTTP/1.10\r\nHost: x\r\n\r\n", "400" },
        { "GET /web/ http/1.1\r\nHost: x\r\n\r\n", "400" },
        { "GET /web/\r\n\r\n", "400" },
        { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400" },

        // Where one request ends.
        { Get + "Content-Length: 3\r\n\r\nabc", "200 202" },
        { "HEAD /web/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", "200 202" },
        { "POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nGET /web/smuggled HTTP/1.1\r\nHost: x\r\nA: bcdefgh\r\n\r\n", "404 202" },
        { "POST /end HTTP/1.1\r\nHost: x\r\n" + Chunked + "ZZ\r\n", "202" },
        { Post + "Expect: nonsense\r\nContent-Length: 3\r\n\r\nabc", "200 202" },
        { Get + "Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 3\r\n\r\nabc", "200 202" },
        { Get + "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n", "200 202" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_OfASmugglersKind_IsRefusedOrForwardedOnce(string request, string expected)
    {
        gateway.Reached.Clear();

        var exchange = await RawExchange.SendAsync(gateway.Address, request + HostileGateway.End);

        Assert.Equal(expected, exchange.Summary);
        AssertClean(exchange);
        Assert.Equal(exchange.Answers.Count(IsOfTheWebFunction), gateway.Reached.Count);
        Assert.DoesNotContain(gateway.Reached, static request => request.Contains("smuggled", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http11probe")]
    [InlineData("llhttp")]
    public async Task Request_OfOtherProjectsTests_IsAnsweredCleanly(string corpus)
    {
        var requests = corpus == "llhttp" ? RawRequestCorpus.ReadLlhttp() : RawRequestCorpus.ReadHttp11Probe();
        gateway.Reached.Clear();
        var exchanges = new ConcurrentBag<RawExchange>();

        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (request, _) =>
        {
            var exchange = await RawExchange.SendAsync(gateway.Address, request.Request + HostileGateway.End);
            AssertClean(exchange, request.Name);
            exchanges.Add(exchange);
        });

        Assert.True(requests.Count > 200, "the corpus was read");
        Assert.True(exchanges.Sum(static exchange => exchange.Answers.Count(IsOfTheWebFunction)) <= gateway.Reached.Count, "an answer without a request");
        await gateway.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Bytes_AtRandom_AreRefused()
    {
        var random = new Random(20261122);
        var requests = Enumerable.Range(0, 300).Select(i =>
        {
            var bytes = new byte[random.Next(1, 2000)];
            random.NextBytes(bytes);
            var text = Encoding.Latin1.GetString(bytes);
            return (i % 4) switch
            {
                0 => text,
                1 => $"GET /web/{text} HTTP/1.1\r\nHost: x\r\n\r\n",
                2 => $"GET /web/ HTTP/1.1\r\nHost: x\r\n{text}\r\n\r\n",
                _ => $"POST /event/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{text}\r\n\r\n",
            };
        }).ToArray();

        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (request, _) =>
        {
            // Two line ends finish a head that the bytes may have begun.
            var exchange = await RawExchange.SendAsync(gateway.Address, request + "\r\n\r\n");
            AssertClean(exchange, request);
            Assert.DoesNotContain(exchange.Answers, static answer => answer.Status == 200);
        });

        await gateway.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Connections_ThatBreakOffAnywhere_HarmNothing()
    {
        const string request = Post + "Content-Length: 5\r\n\r\nhello";

        await Parallel.ForAsync(0, request.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (length, _) =>
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync(System.Net.IPAddress.Loopback, gateway.Address.Port, CancellationToken.None);
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request[..length]), CancellationToken.None);
            client.LingerState = new System.Net.Sockets.LingerOption(enable: length % 2 == 0, seconds: 0); // Every other one is reset.
        });

        await gateway.AssertUnharmedAsync();
    }

    /// <summary>No failure of the gateway, and every answer says whose it is.</summary>
    private static void AssertClean(RawExchange exchange, string? name = null)
    {
        foreach (var answer in exchange.Answers)
        {
            Assert.True(answer.Status is 200 or 202 or (>= 400 and < 500), $"{name}: {exchange.Summary}");
            Assert.True(answer.Header("X-Ca-Request-Id") is { Length: 36 }, $"{name}: an answer without a request id");
            Assert.True(answer.Header("X-Ca-Error-Code") is not null == answer.Status >= 400, $"{name}: {answer.Status} with {answer.Header("X-Ca-Error-Code")}");
        }
    }

    private static bool IsOfTheWebFunction(RawAnswer answer) => answer.Status == 200 && !answer.Body.Contains("httpMethod", StringComparison.Ordinal);
}
