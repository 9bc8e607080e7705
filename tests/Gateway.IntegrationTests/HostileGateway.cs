using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.IntegrationTests;

/// <summary>One gateway for all hostile input of a test class, with one server as its web function and its event function.</summary>
/// <remarks>
/// <c>/web/*</c> answers method, target and headers as JSON; <c>/event/*</c> answers the event itself, or <see cref="Result"/> when a test sets
/// it. <see cref="End"/> is a mock with a status of its own: a request for it, sent behind the hostile one, shows whether both sides still agree
/// on where requests begin.
/// </remarks>
public sealed class HostileGateway : IAsyncLifetime
{
    /// <summary>A request that is answered 202, whereupon the connection closes.</summary>
    public const string End = "GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private LoopbackServer _function = null!;
    private RunningGateway _gateway = null!;

    /// <summary>Address of the gateway.</summary>
    public Uri Address => _gateway.Address;

    /// <summary>A plain client of the gateway.</summary>
    public HttpClient Client => _gateway.Client;

    /// <summary>Bytes that the event function answers; null for a result whose body is the event.</summary>
    public byte[]? Result { get; set; }

    /// <summary>Method and target of every request that has reached the web function whole.</summary>
    public ConcurrentQueue<string> Reached { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _function = await LoopbackServer.StartAsync(AnswerAsync);
        _gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": {
                "web": { "Type": "WebFunction", "Address": "{{_function.Address}}" },
                "event": { "Type": "EventFunction", "Address": "{{_function.Address}}", "Invoke": "CustomRuntime" },
                "end": { "Type": "Mock", "StatusCode": 202 }
              },
              "Groups": {
                "g": {
                  "Apis": {
                    "web": { "Path": "/web/*", "Backend": "web", "Auth": "None" },
                    "event": { "Path": "/event/*", "Backend": "event", "Auth": "None" },
                    "root": { "Path": "/", "Backend": "web", "Auth": "None" },
                    "echo": { "Path": "/echo", "Backend": "web", "Auth": "None" },
                    "end": { "Path": "/end", "Backend": "end", "Auth": "None" }
                  }
                }
              }
            }
            """);
    }

    /// <summary>An ordinary request is still answered, and nothing that was sent made an error or a control character in the log.</summary>
    public async Task AssertUnharmedAsync()
    {
        Assert.Equal("/web/after?a=b", (string?)(await _gateway.GetJsonAsync("/web/after?a=b"))["target"]);
        Assert.Empty(_gateway.Log.Errors);
        Assert.DoesNotContain(_gateway.Log.Lines, static line => line.Any(static c => char.IsControl(c) && c is not ('\r' or '\n' or '\t')));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _function.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/invoke")
        {
            await AnswerEventAsync(context);
            return;
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Reached.Enqueue($"{context.Request.Method} {target}");
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new
        {
            method = context.Request.Method,
            target,
            headers = context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString()),
            body = Encoding.Latin1.GetString(body.ToArray()),
        }));
    }

    private async Task AnswerEventAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var received = await reader.ReadToEndAsync();
        await context.Response.Body.WriteAsync(Result ?? JsonSerializer.SerializeToUtf8Bytes(new { statusCode = 200, body = received }));
    }
}
