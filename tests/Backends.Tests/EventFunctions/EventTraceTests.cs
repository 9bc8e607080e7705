using System.Diagnostics;
using System.Text.Json;
using Gateway.Backends.EventFunctions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>The <c>traceparent</c> of an event: our span's where somebody records it, else the client's, and none is invented.</summary>
public sealed class EventTraceTests
{
    private const string ClientTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(null)]
    [InlineData(ClientTrace)]
    public async Task Trace_OfARecordedSpan_IsTheSpans(string? client)
    {
        using var source = new ActivitySource(nameof(EventTraceTests));
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate == source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var span = source.StartActivity("proxy");

        var trace = await TraceOfEventAsync(client);

        Assert.NotNull(span);
        Assert.Equal(span.Id, trace);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ClientTrace)]
    public async Task Trace_WithoutAListener_IsTheClients(string? client)
    {
        using var logScope = new Activity("request").Start(); // what the server starts for its log alone

        Assert.Equal(client, await TraceOfEventAsync(client));
    }

    private static async Task<string?> TraceOfEventAsync(string? client)
    {
        var context = new DefaultHttpContext();
        context.Features.Set(TestApi.Feature("/"));
        context.Request.Method = "GET";
        if (client is not null)
        {
            context.Request.Headers.TraceParent = client;
        }

        using var buffer = new PooledBuffer(256);
        Assert.True(await EventWriter.TryWriteAsync(context, new EventFunction(TestApi.Create(), TimeProvider.System), buffer));
        using var document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { AllowDuplicateProperties = false });
        return document.RootElement.GetProperty("headers").TryGetProperty("traceparent", out var trace) ? trace.GetString() : null;
    }
}
