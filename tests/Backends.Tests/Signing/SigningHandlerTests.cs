using System.Net;
using System.Security.Cryptography;
using Gateway.Backends.Signing;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Backends.Tests.Signing;

/// <summary>What is signed is what is sent: a server recomputes each signature from the bytes that reached it.</summary>
public sealed class SigningHandlerTests
{
    private const string Secret = "canary-secret";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));
    private readonly List<Received> _received = [];

    public static TheoryData<string> Targets { get; } =
    [
        "/",
        "/plain",
        "/hello%20world",
        "/a%2Fb/c%2fd/",
        "/a*b/~c/%7Ed/$e/f+g/h:i@j;k=l,m!(n)'o",
        "/%E4%BD%A0%E5%A5%BD/%c3%bc",
        "/?",
        "/q?a=&b&=c&&d=1&d=2&%61=3",
        "/q?text=a+b%20c%2Bd&name=%E4%BD%A0&$top=*&z~=%7e",
        "/q?x=a/b?c:d@e",
        "/..%2f%2e/x",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Trigger_AnyTarget_SignsWhatIsSent(string target)
    {
        await using var server = await LoopbackServer.StartAsync(RecordAsync);
        using var client = Trigger(token: null);

        using var response = await client.SendAsync(Request(HttpMethod.Get, server, target), Cancel);

        var received = Assert.Single(_received);
        Assert.Equal(target, received.Target);
        Assert.Equal("x-acs-date;x-acs-security-token", received.SignedHeaders);
        Assert.Equal("2026-01-02T03:04:05Z", received.Header("x-acs-date"));
        Assert.Equal("", received.Header("x-acs-security-token"));
        received.AssertSignature(payloadHash: "");
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Invoke_AnyTarget_SignsWhatIsSent(string target)
    {
        await using var server = await LoopbackServer.StartAsync(RecordAsync);
        using var client = Invoker(token: null);
        using var request = Request(HttpMethod.Post, server, target);
        request.Content = new EventBytes("""{"path":"/ü"}"""u8.ToArray());

        using var response = await client.SendAsync(request, Cancel);

        var received = Assert.Single(_received);
        Assert.Equal(target, received.Target);
        Assert.Equal(
            "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version", received.SignedHeaders);
        Assert.Equal("InvokeFunction", received.Header("x-acs-action"));
        Assert.Equal("2023-03-30", received.Header("x-acs-version"));
        Assert.Equal("2026-01-02T03:04:05Z", received.Header("x-acs-date"));
        Assert.Equal("application/octet-stream", received.Header("content-type"));
        Assert.Matches("^[0-9a-f]{32}$", received.Header("x-acs-signature-nonce"));
        Assert.Equal(received.BodyHash, received.Header("x-acs-content-sha256"));
        received.AssertSignature(received.BodyHash);
    }

    [Fact]
    public async Task Invoke_TemporaryKey_SendsAndSignsItsToken()
    {
        await using var server = await LoopbackServer.StartAsync(RecordAsync);
        using var client = Invoker(token: "sts-token+/=");
        using var request = Request(HttpMethod.Post, server, "/x");
        request.Content = new EventBytes([]);

        using var response = await client.SendAsync(request, Cancel);

        var received = Assert.Single(_received);
        Assert.Equal("sts-token+/=", received.Header("x-acs-security-token"));
        Assert.Contains("x-acs-security-token", received.SignedHeaders, StringComparison.Ordinal);
        received.AssertSignature(received.BodyHash);
    }

    [Fact]
    public async Task Trigger_TemporaryKey_SendsAndSignsItsToken()
    {
        await using var server = await LoopbackServer.StartAsync(RecordAsync);
        using var client = Trigger(token: "sts");

        using var response = await client.SendAsync(Request(HttpMethod.Get, server, "/x"), Cancel);

        var received = Assert.Single(_received);
        Assert.Equal("sts", received.Header("x-acs-security-token"));
        received.AssertSignature(payloadHash: "");
    }

    [Fact]
    public async Task Invoke_ContentWithItsOwnType_SignsThatType()
    {
        await using var server = await LoopbackServer.StartAsync(RecordAsync);
        using var client = Invoker(token: null);
        using var request = Request(HttpMethod.Post, server, "/x");
        request.Content = new EventBytes("{}"u8.ToArray());
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");

        using var response = await client.SendAsync(request, Cancel);

        var received = Assert.Single(_received);
        Assert.Equal("application/json; charset=utf-8", received.Header("content-type"));
        received.AssertSignature(received.BodyHash);
    }

    [Fact]
    public async Task Invoke_SentAgain_SignsWithFreshDateAndNonceOnce()
    {
        await using var server = await LoopbackServer.StartAsync(RecordAsync);
        using var client = Invoker(token: "sts", new SendTwiceHandler(betweenAttempts: () => _time.Advance(TimeSpan.FromSeconds(2))));
        using var request = Request(HttpMethod.Post, server, "/x");
        request.Content = new EventBytes("{}"u8.ToArray());

        using var response = await client.SendAsync(request, Cancel);

        Assert.Equal(["2026-01-02T03:04:05Z", "2026-01-02T03:04:07Z"], _received.Select(received => received.Header("x-acs-date")));
        Assert.NotEqual(_received[0].Header("x-acs-signature-nonce"), _received[1].Header("x-acs-signature-nonce"));
        Assert.All(_received, received => received.AssertSignature(received.BodyHash));
    }

    [Fact]
    public async Task Invoke_ContentThatCannotBeHashed_IsRefusedBeforeAnythingIsSent()
    {
        using var client = Invoker(token: null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:1/") { Content = new StringContent("x") };

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, Cancel));

        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trigger_ClientSentItsOwnSignature_IsOverwritten()
    {
        await using var server = await LoopbackServer.StartAsync(RecordAsync);
        using var client = Trigger(token: null);
        using var request = Request(HttpMethod.Get, server, "/x");
        request.Headers.TryAddWithoutValidation("Authorization", ["Bearer theirs", "Basic theirs"]);
        request.Headers.TryAddWithoutValidation("X-Acs-Date", "1999-01-01T00:00:00Z");
        request.Headers.TryAddWithoutValidation("X-Acs-Security-Token", ["theirs", "theirs"]);

        using var response = await client.SendAsync(request, Cancel);

        Assert.Single(_received).AssertSignature(payloadHash: "");
    }

    [Fact]
    public async Task Trigger_StreamedBody_IsSentWhileItIsProduced()
    {
        var arrived = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            Assert.Equal(1, await context.Request.Body.ReadAsync(new byte[1], context.RequestAborted));
            arrived.SetResult();
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        });
        using var client = Trigger(token: null);
        using var request = Request(HttpMethod.Post, server, "/x");

        // The second half is produced only once the first has arrived: a signer that read the body first would wait for ever.
        request.Content = new ProducedContent(async stream =>
        {
            await stream.WriteAsync("a"u8.ToArray());
            await stream.FlushAsync();
            await arrived.Task;
            await stream.WriteAsync("b"u8.ToArray());
        });

        using var response = await client.SendAsync(request, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private HttpMessageInvoker Invoker(string? token, DelegatingHandler? outer = null)
    {
        HttpMessageHandler chain = new InvokeSigningHandler(Credentials(token), _time) { InnerHandler = new SocketsHttpHandler() };
        if (outer is not null)
        {
            outer.InnerHandler = chain;
            chain = outer;
        }

        return new HttpMessageInvoker(chain);
    }

    private HttpMessageInvoker Trigger(string? token)
        => new(new TriggerSigningHandler(Credentials(token), _time) { InnerHandler = new SocketsHttpHandler() });

    private static CredentialsOptions Credentials(string? token)
        => new() { AccessKeyId = "testid", AccessKeySecret = Secret, SecurityToken = token };

    private static HttpRequestMessage Request(HttpMethod method, LoopbackServer server, string target)
        => new(method, new Uri(server.Address + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

    private async Task RecordAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => (string?[])header.Value!, StringComparer.OrdinalIgnoreCase);
        _received.Add(new Received(context.Request.Method, target, headers, body.ToArray()));
    }

    private sealed record Received(string Method, string Target, Dictionary<string, string?[]> Headers, byte[] Body)
    {
        public string BodyHash => Convert.ToHexStringLower(SHA256.HashData(Body));

        public string SignedHeaders => Header("Authorization").Split(',')[1].Split('=', 2)[1];

        public string Header(string name) => Assert.Single(Headers[name])!;

        public void AssertSignature(string payloadHash)
        {
            var canonical = Acs3Oracle.CanonicalRequest(
                Method, Target, SignedHeaders.Split(';').Select(name => (name, Header(name))), payloadHash);
            Assert.Equal(
                $"ACS3-HMAC-SHA256 Credential=testid,SignedHeaders={SignedHeaders},Signature={Acs3Oracle.Sign(Secret, canonical)}",
                Header("Authorization"));
        }
    }

    private sealed class EventBytes(byte[] bytes) : ByteArrayContent(bytes), ISignableContent
    {
        public ReadOnlyMemory<byte> Bytes { get; } = bytes;
    }

    private sealed class ProducedContent(Func<Stream, Task> produce) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => produce(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class SendTwiceHandler(Action betweenAttempts) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var first = await base.SendAsync(request, cancellationToken);
            betweenAttempts();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
