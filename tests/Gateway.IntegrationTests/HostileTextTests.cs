using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>Odd paths and odd text that others have collected: refused, or passed to functions without the loss of a byte.</summary>
public class HostileTextTests(HostileGateway gateway) : IClassFixture<HostileGateway>
{
    [Theory]
    [InlineData("/web")]
    [InlineData("/event")]
    public async Task Target_OfTheOpenRedirectList_IsRefusedOrForwardedByteForByte(string prefix)
    {
        var targets = await ReadTargetsAsync();
        var failures = new List<string>();
        var forwarded = 0;
        foreach (var line in targets)
        {
            var target = prefix + (line.StartsWith('/') ? line : "/" + line);
            var answer = await RawHttp.SendAsync(gateway.Address, $"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
            if (answer.Status == 200)
            {
                forwarded++;
                var seen = prefix == "/web" ? (string?)answer.Json["target"] : PathOf(answer.Json);
                Check(failures, target, seen == (prefix == "/web" ? target : target.Split('?')[0]));
            }
            else
            {
                Check(failures, target, answer is { Status: 400 } && answer.Header("X-Ca-Error-Code") is "I400PA" or "I400RU");
            }
        }

        Assert.Empty(failures);
        Assert.InRange(forwarded, 1, targets.Length - 1);
        await gateway.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Target_OfTheOpenRedirectList_AsTheWholeTarget_ReachesNoFunction()
    {
        var failures = new List<string>();
        gateway.Reached.Clear();
        foreach (var target in (await ReadTargetsAsync()).Where(static line => !line.StartsWith("/?", StringComparison.Ordinal)))
        {
            var answer = await RawHttp.SendAsync(gateway.Address, $"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
            Check(failures, target, answer is { Status: 400 or 404 } && answer.Header("X-Ca-Error-Code") is "I400PA" or "I400RU" or "I400HD" or "I404NF");
        }

        Assert.Empty(failures);
        Assert.Empty(gateway.Reached);
        await gateway.AssertUnharmedAsync();
    }

    [Fact]
    public async Task NaughtyString_AsAHeader_ReachesBothKindsOfFunction()
    {
        foreach (var text in await ReadNaughtyStringsAsync())
        {
            var value = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
            if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
            {
                continue; // That would be another request.
            }

            var web = await RawHttp.SendAsync(gateway.Address, $"GET /web/ HTTP/1.1\r\nHost: x\r\nX-Text: {value}\r\n\r\n");
            var function = await RawHttp.SendAsync(gateway.Address, $"GET /event/ HTTP/1.1\r\nHost: x\r\nX-Text: {value}\r\n\r\n");

            if (text.Any(static c => c is < ' ' and not '\t' or '\x7f'))
            {
                Assert.Equal((400, 400), (web.Status, function.Status)); // No header value (RFC 9110 §5.5).
                continue;
            }

            Assert.Equal((200, 200), (web.Status, function.Status));
            Assert.Equal(text.Trim(' ', '\t'), (string?)web.Json["headers"]!["X-Text"]);
            Assert.Equal(text.Trim(' ', '\t'), (string?)function.Json["headers"]!["X-Text"]);
        }

        await gateway.AssertUnharmedAsync();
    }

    [Fact]
    public async Task NaughtyString_AsAQueryValue_ReachesBothKindsOfFunction()
    {
        foreach (var text in await ReadNaughtyStringsAsync())
        {
            var query = "?text=" + Uri.EscapeDataString(text);
            var web = JsonNode.Parse(await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/web/" + query)))!;
            var function = JsonNode.Parse(await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/event/" + query)))!;

            Assert.Equal("/web/" + query, (string?)web["target"], ignoreCase: false);
            Assert.Equal(text, (string?)function["queryParameters"]!["text"]);
        }

        await gateway.AssertUnharmedAsync();
    }

    private static string? PathOf(JsonNode received) => (string?)received["path"];

    private static void Check(List<string> failures, string target, bool isRight)
    {
        if (!isRight)
        {
            failures.Add(target);
        }
    }

    /// <summary>The lines, one character a byte.</summary>
    private static async Task<string[]> ReadTargetsAsync()
    {
        var folder = Repository.Corpus("oauth2-proxy");
        Assert.SkipWhen(folder is null, "the corpus oauth2-proxy is not here");
        return await File.ReadAllLinesAsync(Path.Combine(folder, "openredirects.txt"), Encoding.Latin1);
    }

    private static async Task<string[]> ReadNaughtyStringsAsync()
    {
        var folder = Repository.Corpus("naughty-strings");
        Assert.SkipWhen(folder is null, "the corpus naughty-strings is not here");
        await using var file = File.OpenRead(Path.Combine(folder, "blns.json"));
        return (await JsonSerializer.DeserializeAsync<string[]>(file))!;
    }
}
