using System.Net;
using System.Security.Cryptography;

namespace Gateway.LocalFunctions.Tests;

public sealed class WebSampleTests(SampleFixture samples) : IClassFixture<SampleFixture>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Echo_AnyRequest_DescribesItAsSent()
    {
        const string target = "/web/a%2Fb/%7e?q=a+b&q=%20&$x";
        using var request = new HttpRequestMessage(new HttpMethod("PURGE"), samples.EchoAddress(target));
        request.Headers.Add("X-Custom", ["one", "two"]);
        request.Content = new StringContent("grüße");

        using var response = await _client.SendAsync(request, Cancel);

        var echo = await response.ReadJsonAsync();
        Assert.Equal("PURGE", echo.GetProperty("method").GetString());
        Assert.Equal(target, echo.GetProperty("target").GetString());
        Assert.Equal("one, two", echo.GetProperty("headers").GetProperty("X-Custom").GetString());
        Assert.Equal("grüße", echo.GetProperty("body").GetString());
        Assert.Equal(7, echo.GetProperty("bodyLength").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("grüße"u8)), echo.GetProperty("bodySha256").GetString());
    }

    [Fact]
    public async Task Echo_BodyThatIsNotText_ComesAsBase64()
    {
        using var response = await _client.PostAsync(samples.EchoAddress("/web/x"), new ByteArrayContent([0xff, 0xfe, 0x00]), Cancel);

        var echo = await response.ReadJsonAsync();
        Assert.Equal("//4A", echo.GetProperty("bodyBase64").GetString());
        Assert.False(echo.TryGetProperty("body", out _));
    }

    [Theory]
    [InlineData(1 << 20, true)]
    [InlineData((1 << 20) + 1, false)]
    [InlineData(40_000_000, false)]
    public async Task Echo_LongBody_IsCountedAndHashedButNotSentBack(int length, bool isEchoed)
    {
        var body = new byte[length];
        body.AsSpan().Fill((byte)'x');

        using var response = await _client.PostAsync(samples.EchoAddress("/web/x"), new ByteArrayContent(body), Cancel);

        var echo = await response.ReadJsonAsync();
        Assert.Equal(length, echo.GetProperty("bodyLength").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), echo.GetProperty("bodySha256").GetString());
        Assert.Equal(isEchoed, echo.TryGetProperty("body", out var text));
        Assert.False(echo.TryGetProperty("bodyBase64", out _));
        Assert.True(!isEchoed || text.GetString()!.Length == length);
    }

    [Theory]
    [InlineData("/web/stream?interval=0", 5)]
    [InlineData("/stream?interval=0&count=2", 2)]
    [InlineData("/web/stream?interval=0&count=0", 0)]
    [InlineData("/web/stream?interval=0&count=x", 5)]
    [InlineData("/web/stream?interval=0&count=-1", 5)]
    [InlineData("/web/stream?interval=0&count=99999", 1000)]
    public async Task Stream_Count_GivesThatManyEvents(string target, int count)
    {
        using var response = await _client.GetAsync(samples.EchoAddress(target), Cancel);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(string.Concat(Enumerable.Range(1, count).Select(static n => $"data: {n}\n\n")), await response.ReadTextAsync());
    }

    [Fact]
    public async Task Stream_LongInterval_SendsTheFirstEventAtOnce()
    {
        using var response = await _client
            .GetAsync(samples.EchoAddress("/web/stream?interval=10000"), HttpCompletionOption.ResponseHeadersRead, Cancel)
            .WaitAsync(Patience, Cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));

        Assert.Equal("data: 1", await reader.ReadLineAsync(Cancel).AsTask().WaitAsync(Patience, Cancel));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task Bytes_Count_SendsThatMany(int count)
    {
        using var response = await _client.GetAsync(samples.EchoAddress($"/web/bytes?count={count}"), Cancel);

        var bytes = await response.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(count, response.Content.Headers.ContentLength);
        Assert.Equal(Enumerable.Range(0, count).Select(static i => (byte)i), bytes);
    }

    [Theory]
    [InlineData("200", 200)]
    [InlineData("204", 204)]
    [InlineData("418", 418)]
    [InlineData("599", 599)]
    [InlineData("100", 400)]
    [InlineData("600", 400)]
    [InlineData("teapot", 400)]
    public async Task Status_Code_IsAnswered(string code, int expected)
    {
        using var response = await _client.GetAsync(samples.EchoAddress($"/web/status/{code}"), Cancel);

        Assert.Equal((HttpStatusCode)expected, response.StatusCode);
    }

    [Fact]
    public async Task Socket_OrdinaryRequest_AsksForAnUpgrade()
    {
        using var response = await _client.GetAsync(samples.EchoAddress("/web/ws"), Cancel);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Equal("websocket", Assert.Single(response.Headers.Upgrade).Name);
    }
}
