using System.Collections.Concurrent;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests.Observability;

/// <summary>Takes OTLP over HTTP, as a collector does, and reads of it what tests look at.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private LoopbackServer _server = null!;

    /// <summary>All spans so far.</summary>
    public ConcurrentQueue<WireMessage> Spans { get; } = new();

    /// <summary>Names of all metrics so far.</summary>
    public ConcurrentQueue<string> Metrics { get; } = new();

    /// <summary>All log records so far.</summary>
    public ConcurrentQueue<WireMessage> Logs { get; } = new();

    /// <summary>Attributes of the resources so far.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Resources { get; } = new();

    /// <summary>The variables that send everything here, soon.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _server.Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_RESOURCE_ATTRIBUTES"] = "service.namespace=tests",
    };

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        receiver._server = await LoopbackServer.StartAsync(receiver.TakeAsync);
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        foreach (var group in new WireMessage(body.ToArray()).All(1))
        {
            Resources.Enqueue(group.All(1).Single().Attributes(1));
            foreach (var item in group.All(2, 2))
            {
                switch (context.Request.Path.Value)
                {
                    case "/v1/traces":
                        Spans.Enqueue(item);
                        break;
                    case "/v1/metrics":
                        Metrics.Enqueue(item.Text(1));
                        break;
                    default:
                        Logs.Enqueue(item);
                        break;
                }
            }
        }

        context.Response.ContentType = "application/x-protobuf";
    }
}
