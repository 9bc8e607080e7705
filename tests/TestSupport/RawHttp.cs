using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.TestSupport;

/// <summary>One HTTP/1.1 answer as it stood on the wire.</summary>
/// <param name="Status">Status code; 0 when the connection closed without an answer.</param>
/// <param name="Headers">Header lines in order.</param>
/// <param name="Body">Body, chunks joined, one character a byte.</param>
public sealed record RawAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    /// <summary>The body, read as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Encoding.Latin1.GetBytes(Body))!;

    /// <summary>The first value of a header, read as UTF-8; null when it is absent.</summary>
    public string? Header(string name)
        => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found
            ? Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(found.Value))
            : null;
}

/// <summary>Sends bytes that no HTTP client would send.</summary>
public static class RawHttp
{
    /// <summary>Opens a connection, sends <paramref name="request"/> (one byte a character) and reads the first answer.</summary>
    /// <param name="address">Base address of the server.</param>
    /// <param name="request">All bytes to send.</param>
    /// <param name="timeout">Longest time to wait; default 10 seconds.</param>
    public static async Task<RawAnswer> SendAsync(Uri address, string request, TimeSpan? timeout = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port);
        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(10));
        var stream = client.GetStream();
        var sending = SendAllAsync(stream, Encoding.Latin1.GetBytes(request), limit.Token);
        var answer = await ReadAsync(stream, request.StartsWith("HEAD ", StringComparison.Ordinal), limit.Token);
        client.Close();
        await sending;
        return answer;
    }

    /// <summary>Reads one answer from a stream.</summary>
    public static async Task<RawAnswer> ReadAsync(Stream stream, bool isHead, CancellationToken cancellationToken)
    {
        var bytes = new List<byte>();
        var block = new byte[16 * 1024];
        while (true)
        {
            if (TryParse(bytes, isHead, isClosed: false) is { } answer)
            {
                return answer;
            }

            int count;
            try
            {
                count = await stream.ReadAsync(block, cancellationToken);
            }
            catch (IOException)
            {
                count = 0; // Reset by the server: what came before still counts.
            }

            if (count == 0)
            {
                return TryParse(bytes, isHead, isClosed: true) ?? new RawAnswer(0, [], "");
            }

            bytes.AddRange(block.AsSpan(0, count));
        }
    }

    private static async Task SendAllAsync(NetworkStream stream, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The server answered without reading everything.
        }
    }

    private static RawAnswer? TryParse(List<byte> bytes, bool isHead, bool isClosed)
    {
        var text = Encoding.Latin1.GetString(bytes.ToArray());
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var lines = text[..end].Split("\r\n");
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = lines.Skip(1).Select(static line => (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim())).ToArray();
        var body = text[(end + 4)..];
        string? Find(string name) => headers.FirstOrDefault(header => header.Item1.Equals(name, StringComparison.OrdinalIgnoreCase)).Item2;

        if (isHead || status is 204 or 304 or 101)
        {
            return new RawAnswer(status, headers, "");
        }

        if (Find("Content-Length") is { } length)
        {
            var wanted = int.Parse(length, CultureInfo.InvariantCulture);
            return body.Length >= wanted || isClosed ? new RawAnswer(status, headers, body[..Math.Min(wanted, body.Length)]) : null;
        }

        if (Find("Transfer-Encoding") == "chunked")
        {
            return Unchunk(body) is { } whole ? new RawAnswer(status, headers, whole) : isClosed ? new RawAnswer(status, headers, body) : null;
        }

        return isClosed ? new RawAnswer(status, headers, body) : null;
    }

    private static string? Unchunk(string text)
    {
        var body = new StringBuilder();
        while (text.IndexOf("\r\n", StringComparison.Ordinal) is >= 0 and var line)
        {
            var size = int.Parse(text.AsSpan(0, line), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (text.Length < line + 2 + size + 2)
            {
                return null;
            }

            if (size == 0)
            {
                return body.ToString();
            }

            body.Append(text, line + 2, size);
            text = text[(line + 2 + size + 2)..];
        }

        return null;
    }
}
