using System.Globalization;
using System.Text;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>
/// A request in a golden folder: lines <c># Option: value</c> for the API, then the request head, an empty line, and the body, byte for
/// byte. Content-Length is added; <c># Chunked: 3</c> sends chunks of so many bytes instead.
/// </summary>
internal sealed class EventRequestFile
{
    private readonly Dictionary<string, string> _options = [];

    public EventRequestFile(byte[] file)
    {
        var end = file.AsSpan().IndexOf("\n\n"u8);
        var body = file.AsSpan(end + 2).ToArray();
        var head = new StringBuilder();
        foreach (var line in Encoding.UTF8.GetString(file, 0, end).Split('\n'))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                _options.Add(line[2..colon], line[(colon + 1)..].Trim());
            }
            else
            {
                head.Append(line).Append("\r\n");
            }
        }

        Bytes = _options.TryGetValue("Chunked", out var size)
            ? [.. Encoding.UTF8.GetBytes(head.Append("Transfer-Encoding: chunked\r\n\r\n").ToString()), .. Chunks(body, int.Parse(size, CultureInfo.InvariantCulture))]
            : [.. Encoding.UTF8.GetBytes(head.Append(body.Length == 0 ? "\r\n" : $"Content-Length: {body.Length}\r\n\r\n").ToString()), .. body];
    }

    /// <summary>The request as it goes over the wire.</summary>
    public byte[] Bytes { get; }

    public bool IsPeerTrusted => _options.ContainsKey("TrustedPeer");

    public ApiBackend Api => TestApi.Create(
        new EventFunctionOptions
        {
            FormBody = Option(FormBodyEncoding.Raw),
            Body = Option(EventBodyEncoding.Base64),
            EventHeaderCase = Option(EventHeaderCase.Preserve),
            RepeatedQuery = Option(RepeatedQuery.First),
        },
        _options.GetValueOrDefault("Path", "/*"));

    private T Option<T>(T otherwise)
        where T : struct, Enum
        => _options.TryGetValue(typeof(T).Name, out var text) ? Enum.Parse<T>(text) : otherwise;

    private static byte[] Chunks(byte[] body, int size)
    {
        var text = new List<byte>();
        foreach (var chunk in body.Chunk(size))
        {
            text.AddRange(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
            text.AddRange(chunk);
            text.AddRange("\r\n"u8);
        }

        text.AddRange("0\r\n\r\n"u8);
        return [.. text];
    }
}
