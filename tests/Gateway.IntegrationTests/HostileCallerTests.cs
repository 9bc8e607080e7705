using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>Callers that are not who they say, or say it twice: end to end over real sockets, what unit tests show of each part.</summary>
public partial class HostileCallerTests(HostileCallerTests.Callers callers) : IClassFixture<HostileCallerTests.Callers>
{
    private static readonly SigningClient Client = new("60022326", "canary-secret-5d1e");

    private static readonly string[] Names =
    [
        "X-Ca-Key", "X-Ca-Signature", "X-Ca-Signature-Headers", "X-Ca-Signature-Method", "X-Ca-Timestamp", "X-Ca-Nonce", "X-Ca-Stage", "X-Ca-Request-Mode",
        "Authorization", "Accept", "Content-MD5", "Content-Type", "Date", "Cookie", "X_Ca_Key", "x.ca.key", "x-ca-key", "X-Forwarded-For", "Expect", "TE", "Origin",
    ];

    private static readonly string[] Values =
    [
        "60022326", "", " ", ",", ",,,,", "APPCODE", "APPCODE ", "APPCODE nobody", "Basic eDp5", "HmacSHA1", "HmacMD5", "debug", "RELEASE", "nonsense",
        "1700000000000", "-1", "1e12", "9223372036854775808", "AAAA", "====", "\u00e9", "\u00ff\u00fe", "\u00e2\u0080\u00a8", "\u0001", "\u007f", "\t", "a\tb", "%",
        "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=none", "1B2M2Y8AsgTpgAmY7PhCfg==", "100-continue", "trailers", "X-Ca-Key,X-Ca-Nonce",
        new string('x', 300), new string(',', 300), new string('n', 40_000),
    ];

    [GeneratedRegex("HTTP/1\\.1 (\\d{3})")]
    private static partial Regex StatusLine { get; }

    /// <summary>The sequence of a captured request, sent on many connections at once.</summary>
    [Fact]
    public async Task Replays_TwoThousandRacing_AreServedOnce()
    {
        const int connections = 50, each = 40;
        var request = Client.Request("GET", "/signed/replay", nonce: "replayed");
        var last = request.Replace("Host: x\r\n", "Host: x\r\nConnection: close\r\n", StringComparison.Ordinal);
        var bytes = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(request, each - 1)) + last);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        callers.Reached.Clear();

        var racing = Enumerable.Range(0, connections).Select(_ => SendAsync()).ToArray();
        ready.SetResult();
        var statuses = (await Task.WhenAll(racing)).SelectMany(static answers => answers).ToLookup(static status => status);

        Assert.Equal((1, (connections * each) - 1), (statuses["200"].Count(), statuses["403"].Count()));
        Assert.Equal("GET /signed/replay", Assert.Single(callers.Reached));

        async Task<string[]> SendAsync()
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, callers.Address.Port);
            await ready.Task;
            var stream = client.GetStream();
            await stream.WriteAsync(bytes);
            return [.. StatusLine.Matches(await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync()).Select(static match => match.Groups[1].Value)];
        }
    }

    /// <summary>No set of headers at random gets in, each is told why, and none of it harms the gateway or shows in its log.</summary>
    [Fact]
    public async Task HeaderSets_AtRandom_AreRefusedWithACodeEach()
    {
        var random = new Random(20261123);
        var requests = Enumerable.Range(0, 1500).Select(i =>
        {
            var lines = string.Concat(Enumerable.Range(0, random.Next(0, 9)).Select(_ => $"{random.GetItems(Names, 1)[0]}: {random.GetItems(Values, 1)[0]}\r\n"));
            return i % 2 == 0
                ? $"{random.GetItems(["GET", "POST", "DELETE"], 1)[0]} /signed/x HTTP/1.1\r\nHost: x\r\n{lines}\r\n"
                : new SigningClient("60022326", "not-the-secret").Request("PUT", "/event/x", extra: lines);
        }).ToArray();
        callers.Reached.Clear();

        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (request, _) =>
        {
            var answer = await RawHttp.SendAsync(callers.Address, request);

            Assert.True(answer.Status is >= 400 and < 500, $"{answer.Status} for {request}");
            Assert.True(answer.Header("X-Ca-Error-Code") is { Length: 6 } code && !code.StartsWith('X'), $"{answer.Header("X-Ca-Error-Code")} for {request}");
        });

        Assert.Empty(callers.Reached);
        callers.AssertUnharmed();
    }

    /// <summary>A signature is good for its own request only: another method, path, body, time or key beside it is refused.</summary>
    [Theory]
    [InlineData("GET /signed/a", "POST /signed/a", "A403IS")]
    [InlineData("GET /signed/a", "GET /signed/b", "A403IS")]
    [InlineData("GET /signed/a", "GET /signed/a?b=1", "A403IS")]
    [InlineData("GET /signed/a", "GET /event/a", "A403IS")]
    [InlineData("X-Ca-Key: 60022326", "X-Ca-Key: 60022327", "A403IS")]
    [InlineData("X-Ca-Key: 60022326", "X-Ca-Key: 60022328", "A400IK")]
    [InlineData("X-Ca-Nonce: ", "X-Ca-Nonce: 1", "A403IS")]
    [InlineData("X-Ca-Timestamp: 1", "X-Ca-Timestamp: 01", "A403IS")]
    [InlineData("X-Ca-Signature-Headers: X-Ca-Key,", "X-Ca-Signature-Headers: ", "A403IS")]
    [InlineData("Host: x\r\n", "Host: x\r\nAccept: */*\r\n", "A403IS")]
    [InlineData("Host: x\r\n", "Host: x\r\nX-Ca-Timestamp: 1\r\n", "I400HD")]
    [InlineData("Host: x\r\n", "Host: x\r\nX-Ca-Signature-Method: HmacSHA1\r\n", "I400HD")]
    public async Task Signature_OfAnotherRequest_IsRefused(string part, string sent, string code)
    {
        var request = Client.Request("GET", "/signed/a");
        Assert.Contains(part, request, StringComparison.Ordinal);

        var answer = await RawHttp.SendAsync(callers.Address, request.Replace(part, sent, StringComparison.Ordinal));

        Assert.Equal(code, answer.Header("X-Ca-Error-Code"));
        Assert.Equal(200, (await RawHttp.SendAsync(callers.Address, request)).Status); // Unchanged it is good, and its nonce was not used up.
    }

    [Fact]
    public async Task Body_OtherThanTheOneThatWasSigned_NeverReachesTheBackend()
    {
        callers.Reached.Clear();

        var answer = await RawHttp.SendAsync(callers.Address, Client.Request("POST", "/signed/pay", body: "pay 10 to Ann", sentBody: "pay 90 to Bob"));

        Assert.Equal((400, "I400I5"), (answer.Status, answer.Header("X-Ca-Error-Code")));
        Assert.Empty(callers.Reached);
    }

    /// <summary>One gateway for all callers, with one server as both kinds of function.</summary>
    public sealed class Callers : IAsyncLifetime
    {
        private LoopbackServer _function = null!;
        private RunningGateway _gateway = null!;

        /// <summary>Address of the gateway.</summary>
        public Uri Address => _gateway.Address;

        /// <summary>Method and path of every request that has reached a function.</summary>
        public ConcurrentQueue<string> Reached { get; } = new();

        public async ValueTask InitializeAsync()
        {
            _function = await LoopbackServer.StartAsync(async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                Reached.Enqueue($"{context.Request.Method} {context.Request.Path}");
            });
            _gateway = await RunningGateway.StartSectionAsync($$"""
                {
                  "Apps": {
                    "fcApp": { "AppKey": "60022326", "AppSecret": "canary-secret-5d1e", "AppCodes": [ "canary-code-0a9b" ] },
                    "other": { "AppKey": "60022327", "AppSecret": "canary-secret-other" }
                  },
                  "Backends": {
                    "web": { "Type": "WebFunction", "Address": "{{_function.Address}}" },
                    "event": { "Type": "EventFunction", "Address": "{{_function.Address}}", "Invoke": "CustomRuntime" }
                  },
                  "Groups": { "g": { "Apis": {
                    "signed": { "Path": "/signed/*", "Backend": "web", "Apps": { "fcApp": {}, "other": {} } },
                    "event": { "Path": "/event/*", "Backend": "event", "AppCode": "HeaderOrQuery", "Apps": { "fcApp": {} } }
                  } } }
                }
                """);
        }

        /// <summary>Nothing that was sent made an error, a control character or a secret in the log.</summary>
        public void AssertUnharmed()
        {
            Assert.Empty(_gateway.Log.Errors);
            Assert.DoesNotContain(_gateway.Log.Lines, static line => line.Any(static c => char.IsControl(c) && c is not ('\r' or '\n' or '\t')));
            Assert.DoesNotContain(_gateway.Log.Lines, static line => line.Contains("canary", StringComparison.Ordinal));
        }

        public async ValueTask DisposeAsync()
        {
            await _gateway.DisposeAsync();
            await _function.DisposeAsync();
        }
    }
}
