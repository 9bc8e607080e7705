using System.Net;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>Functions that answer anything at all: the client gets the result, or 502 with the reason, never a crash.</summary>
public class HostileResultTests(HostileGateway gateway) : IClassFixture<HostileGateway>
{
    private static readonly byte[] Before = """{"statusCode":200,"body":"""u8.ToArray();

    [Fact]
    public async Task JsonDocument_AsTheWholeResult_IsReadOrRefused()
    {
        foreach (var (name, bytes) in ReadDocuments())
        {
            gateway.Result = bytes;
            using var answer = await gateway.Client.GetAsync(new Uri(gateway.Address, "/event/"));

            // None of the documents has a statusCode.
            AssertRefused(name, answer);
        }

        await gateway.AssertUnharmedAsync();
    }

    [Fact]
    public async Task JsonDocument_AsTheBodyOfAResult_ArrivesOrIsRefused()
    {
        foreach (var (name, bytes) in ReadDocuments())
        {
            gateway.Result = [.. Before, .. bytes, (byte)'}'];
            using var answer = await gateway.Client.GetAsync(new Uri(gateway.Address, "/event/"));

            if (name.StartsWith("n_", StringComparison.Ordinal) || (name[0] == 'i' && answer.StatusCode != HttpStatusCode.OK))
            {
                AssertRefused(name, answer);
                continue;
            }

            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{name}: {answer.StatusCode}");
            Assert.False(answer.Headers.Contains("X-Ca-Error-Code"), name);
            var body = await answer.Content.ReadAsByteArrayAsync();
            var json = bytes.AsMemory().Trim(" \t\r\n"u8).ToArray();
            Assert.True(json[0] == '"' || (json.AsSpan().SequenceEqual("null"u8) && body.Length == 0) || json.AsSpan().SequenceEqual(body), name);
        }

        await gateway.AssertUnharmedAsync();
    }

    private static void AssertRefused(string name, HttpResponseMessage answer)
    {
        Assert.True(answer.StatusCode == HttpStatusCode.BadGateway, $"{name}: {answer.StatusCode}");
        Assert.Equal("D502FC", Assert.Single(answer.Headers.GetValues("X-Ca-Error-Code")));
    }

    private static IEnumerable<(string Name, byte[] Bytes)> ReadDocuments()
    {
        var folder = Repository.Corpus("jsontestsuite");
        Assert.SkipWhen(folder is null, "the corpus jsontestsuite is not here");
        return Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)
            .Select(static file => (Path.GetFileName(file), File.ReadAllBytes(file)));
    }
}
