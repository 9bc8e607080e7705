using System.IO.Compression;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.LocalFunctions.Tests;

/// <summary>The samples of the runtimes whose handlers are scripts, called as the gateway calls them.</summary>
public sealed class ScriptSampleTests
{
    [Theory]
    [InlineData(LocalRuntime.Python, "python")]
    [InlineData(LocalRuntime.Php, "php")]
    public async Task Index_AnyEvent_AnswersEveryKeyOfIt(LocalRuntime runtime, string folder)
    {
        await using var host = await StartAsync(runtime, folder, "index.handler");

        foreach (var name in (string[])["get", "post-json", "post-form"])
        {
            var eventText = Event(name);
            var answer = await host.InvokeAsync(eventText);
            Golden.Matches($"Golden/samples/{folder}-{name}.json", answer.Text);
            var body = answer.Json.GetProperty("body");
            Assert.True(JsonElement.DeepEquals(JsonElement.Parse(eventText), body), $"{name}: {body}");
            Assert.Contains($"{body.GetProperty("httpMethod")} {body.GetProperty("path")}\n", answer.Log, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(LocalRuntime.Python, "python")]
    [InlineData(LocalRuntime.Php, "php")]
    public async Task Image_Colour_IsInEveryPixelOfThePng(LocalRuntime runtime, string folder)
    {
        await using var host = await StartAsync(runtime, folder, "image.handler");

        var result = (await host.InvokeAsync("""{"queryParameters":{"color":"0080ff"}}""")).Json;

        Assert.True(result.GetProperty("isBase64Encoded").GetBoolean());
        var png = result.GetProperty("body").GetBytesFromBase64();
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a], png[..8]);
        const int Rows = 8 + 12 + 13 + 8; // signature, the header's chunk, and length and name of the next
        await using var rows = new ZLibStream(new MemoryStream(png[Rows..]), CompressionMode.Decompress);
        var row = new byte[1 + (8 * 3)];
        for (var y = 0; y < 8; y++)
        {
            await rows.ReadExactlyAsync(row, TestContext.Current.CancellationToken);
            Assert.Equal([0, .. Enumerable.Repeat<byte[]>([0x00, 0x80, 0xff], 8).SelectMany(static pixel => pixel)], row);
        }
    }

    [Theory]
    [InlineData(LocalRuntime.Python, "python")]
    [InlineData(LocalRuntime.Php, "php")]
    public async Task Cookies_AnyEvent_AreTwoHeaders(LocalRuntime runtime, string folder)
    {
        await using var host = await StartAsync(runtime, folder, "cookies.handler");

        var headers = (await host.InvokeAsync("{}")).Json.GetProperty("headers");

        Assert.Equal(["Set-Cookie", "set-cookie"], headers.EnumerateObject().Select(static header => header.Name));
    }

    [Theory]
    [InlineData(LocalRuntime.Python, "python")]
    [InlineData(LocalRuntime.Php, "php")]
    public async Task Fail_AnyEvent_IsAFunctionError(LocalRuntime runtime, string folder)
    {
        await using var host = await StartAsync(runtime, folder, "fail.handler");

        Assert.Equal("no such order", (await host.InvokeAsync("{}")).ErrorMessage);
    }

    private static string Event(string name) => name switch
    {
        "get" => """
            {"body":"","headers":{"Host":"localhost","X-Name":"ü"},"httpMethod":"GET","isBase64Encoded":false,"path":"/p/Ada",
            "pathParameters":{"name":"Ada"},"queryParameters":{"a":"ü/"}}
            """,
        "post-json" => """
            {"body":"eyJuIjoxfQ==","headers":{"Content-Type":"application/json"},"httpMethod":"POST","isBase64Encoded":true,"path":"/p/Ada",
            "pathParameters":{"name":"Ada"},"queryParameters":{}}
            """,
        _ => """
            {"body":"a=1&b=2","headers":{},"httpMethod":"POST","isBase64Encoded":false,"path":"/p/Ada","pathParameters":{},"queryParameters":{}}
            """,
    };

    private static Task<ProcessHost> StartAsync(LocalRuntime runtime, string folder, string handler)
        => ProcessHost.StartAsync(new LocalFunctionOptions
        {
            Runtime = runtime,
            Code = Path.Combine(Repository.Root, "samples", "functions", folder),
            Handler = handler,
        });
}
