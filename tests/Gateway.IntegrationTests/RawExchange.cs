using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>Everything that came back on one connection.</summary>
/// <param name="Answers">The answers in order, interim ones left out.</param>
/// <param name="IsClosed">True when the gateway closed the connection; false when it waits for more.</param>
internal sealed record RawExchange(IReadOnlyList<RawAnswer> Answers, bool IsClosed)
{
    /// <summary>Head of an HTTP/2 GOAWAY frame, which the server sends behind its refusal to whoever opens with HTTP/2.</summary>
    private const string GoAway = "\0\0\u0008\u0007\0";

    /// <summary>The statuses, e.g. <c>200 202</c>, and <c>…</c> when the gateway waits for more.</summary>
    public string Summary => string.Join(' ', Answers.Select(static answer => answer.Status.ToString(CultureInfo.InvariantCulture)).Concat(IsClosed ? [] : ["…"]));

    /// <summary>Sends bytes, one a character, and reads until the gateway closes, or has said nothing for a while.</summary>
    public static async Task<RawExchange> SendAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1.5));
        var stream = client.GetStream();
        var sending = SendAllAsync(stream, Encoding.Latin1.GetBytes(request));
        using var received = new MemoryStream();
        var isClosed = true;
        try
        {
            await stream.CopyToAsync(received, limit.Token);
        }
        catch (OperationCanceledException)
        {
            isClosed = false;
        }
        catch (IOException)
        {
            // Reset behind the answer, because the gateway left some of the request unread.
        }

        client.Close();
        await sending;
        return new RawExchange(Cut(Encoding.Latin1.GetString(received.ToArray())), isClosed);
    }

    private static async Task SendAllAsync(NetworkStream stream, byte[] bytes)
    {
        try
        {
            await stream.WriteAsync(bytes);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The gateway has answered without reading everything.
        }
    }

    /// <summary>Cuts the bytes into answers. Whatever is no answer makes a last one with status 0.</summary>
    private static List<RawAnswer> Cut(string text)
    {
        var answers = new List<RawAnswer>();
        while (text.Length > 0 && !text.StartsWith(GoAway, StringComparison.Ordinal))
        {
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0 || !text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
            {
                answers.Add(new RawAnswer(0, [], text));
                break;
            }

            var lines = text[..end].Split("\r\n");
            var status = int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture);
            var headers = lines.Skip(1).Select(static line => (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim())).ToArray();
            text = text[(end + 4)..];
            if (status >= 200)
            {
                var body = TakeBody(headers, ref text);
                answers.Add(new RawAnswer(status, headers, body));
            }
        }

        return answers;
    }

    private static string TakeBody((string Name, string Value)[] headers, ref string text)
    {
        var isHead = text.Length == 0 || text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal);
        var body = "";
        if (Array.Find(headers, static header => header.Name == "Content-Length") is { Value: { } length })
        {
            body = isHead ? "" : text[..Math.Min(text.Length, int.Parse(length, CultureInfo.InvariantCulture))];
            text = text[body.Length..];
        }
        else if (Array.Exists(headers, static header => header is { Name: "Transfer-Encoding", Value: "chunked" }) && !isHead)
        {
            var last = text.IndexOf("0\r\n\r\n", StringComparison.Ordinal);
            body = last < 0 ? text : text[..last];
            text = last < 0 ? "" : text[(last + 5)..];
        }
        else if (!isHead)
        {
            body = text; // HTTP/1.0: up to the end.
            text = "";
        }

        return body;
    }
}
