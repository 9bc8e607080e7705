using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Backends.EventFunctions;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>Every request in Golden/events, sent over a socket to Kestrel, gives the event that lies beside it.</summary>
public sealed class EventGoldenTests : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Backends.Tests", "EventFunctions", "Golden", "events");

    private LoopbackServer? _server;
    private EventRequestFile? _current;

    public static TheoryData<string> Names
        => [.. Directory.GetFiles(Folder, "*.http").Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public async ValueTask InitializeAsync() => _server = await LoopbackServer.StartAsync(async context =>
    {
        var gateway = TestApi.Feature(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        gateway.IsPeerTrusted = _current!.IsPeerTrusted;
        context.Features.Set(gateway);
        using var buffer = new PooledBuffer(256);
        var isWritten = await EventWriter.TryWriteAsync(context, new EventFunction(_current.Api, TimeProvider.System), buffer);
        context.Response.StatusCode = isWritten ? 200 : 413;
        context.Response.Headers.Connection = "close";
        context.Response.ContentLength = buffer.Length;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    });

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Request_OverTheWire_GivesItsGoldenEvent(string name)
    {
        _current = new EventRequestFile(await File.ReadAllBytesAsync(Path.Combine(Folder, name + ".http"), TestContext.Current.CancellationToken));

        var answer = await SendAsync(_current.Bytes);

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Golden.MatchesFile(Path.Combine(Folder, name + ".json"), body);
        AssertShape(body);
    }

    /// <summary>Seven keys, maps of strings only, no name twice: what the official Java class can read.</summary>
    private static void AssertShape(string text)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        Assert.Equal(
            ["body", "headers", "httpMethod", "isBase64Encoded", "path", "pathParameters", "queryParameters"],
            document.RootElement.EnumerateObject().Select(static member => member.Name));
        foreach (var map in new[] { "headers", "pathParameters", "queryParameters" })
        {
            Assert.All(document.RootElement.GetProperty(map).EnumerateObject(), static member => Assert.Equal(JsonValueKind.String, member.Value.ValueKind));
        }

        Assert.Equal(JsonValueKind.String, document.RootElement.GetProperty("body").ValueKind);
        Assert.True(document.RootElement.GetProperty("isBase64Encoded").ValueKind is JsonValueKind.True or JsonValueKind.False);
    }

    private async Task<string> SendAsync(byte[] request)
    {
        using var client = new TcpClient();
        var address = new Uri(_server!.Address);
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(request, TestContext.Current.CancellationToken);
        using var answer = new MemoryStream();
        await client.GetStream().CopyToAsync(answer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
