using System.Globalization;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace Gateway.Samples;

/// <summary>A web function: an ordinary ASP.NET Core handler that gets the request as the client sent it.</summary>
/// <remarks>
/// By the end of the path: <c>/stream</c> sends server-sent events, <c>/ws</c> echoes WebSocket messages, <c>/bytes</c> is a download,
/// <c>/status/{code}</c> answers that status. Every other path echoes the request as JSON.
/// </remarks>
/// <example>
/// <code>
/// curl -X PUT 'http://localhost:8080/web/any/path?a=1' -d 'some body'
/// curl -N 'http://localhost:8080/web/stream?count=3&amp;interval=1000'
/// curl -o /dev/null 'http://localhost:8080/web/bytes?count=1000000'
/// curl -i http://localhost:8080/web/status/418
/// </code>
/// </example>
public static class WebEchoFunction
{
    /// <summary>Answers one request.</summary>
    public static Task HandleAsync(HttpContext context)
        => context.Request.Path.Value!.Split('/') switch
        {
            [.., "stream"] => StreamEventsAsync(context),
            [.., "ws"] => EchoMessagesAsync(context),
            [.., "bytes"] => SendBytesAsync(context),
            [.., "status", var code] => AnswerStatus(context, code),
            _ => RequestEcho.WriteAsync(context),
        };

    /// <summary>Sends <c>count</c> (5, at most 1,000) events, <c>interval</c> (500, at most 10,000) milliseconds apart.</summary>
    private static async Task StreamEventsAsync(HttpContext context)
    {
        var count = ReadNumber(context, "count", byDefault: 5, maximum: 1_000);
        var interval = TimeSpan.FromMilliseconds(ReadNumber(context, "interval", byDefault: 500, maximum: 10_000));

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        for (var number = 1; number <= count; number++)
        {
            if (number > 1)
            {
                await Task.Delay(interval, context.RequestAborted);
            }

            await context.Response.WriteAsync($"data: {number}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    /// <summary>Sends each message back as it comes, fragment by fragment, until the client closes.</summary>
    private static async Task EchoMessagesAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = "websocket";
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(
                    received.CloseStatus ?? WebSocketCloseStatus.NormalClosure, received.CloseStatusDescription, context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }
    }

    /// <summary>Sends <c>count</c> bytes, each the low byte of its position, so that a damaged download shows.</summary>
    private static async Task SendBytesAsync(HttpContext context)
    {
        var left = ReadNumber(context, "count", byDefault: 0, maximum: long.MaxValue);
        var block = new byte[64 * 1024];
        for (var i = 0; i < block.Length; i++)
        {
            block[i] = (byte)i;
        }

        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = left;
        while (left > 0)
        {
            var length = (int)Math.Min(left, block.Length);
            await context.Response.Body.WriteAsync(block.AsMemory(0, length), context.RequestAborted);
            left -= length;
        }
    }

    private static Task AnswerStatus(HttpContext context, string code)
    {
        var isStatus = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 200 and <= 599;
        context.Response.StatusCode = isStatus ? status : StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }

    /// <summary>A number from the query; the default when it is missing or none, the maximum when it is larger.</summary>
    private static long ReadNumber(HttpContext context, string name, long byDefault, long maximum)
        => long.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Min(number, maximum)
            : byDefault;
}
