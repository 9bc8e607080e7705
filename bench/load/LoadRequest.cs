using System.Text;

namespace Gateway.Bench.Load;

/// <summary>One request, ready for the wire, and how long its answer must be.</summary>
/// <param name="Target">Method and path, for messages.</param>
/// <param name="Bytes">Head and body as sent, HTTP/1.1.</param>
/// <param name="AnswerLength">Bytes of the answer's body.</param>
internal sealed record LoadRequest(string Target, ReadOnlyMemory<byte> Bytes, int AnswerLength)
{
    /// <summary>A request without a body.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="answerLength">Bytes of the answer's body.</param>
    /// <param name="headers">Further header lines, without line ends.</param>
    public static LoadRequest Get(string path, int answerLength, params ReadOnlySpan<string> headers)
        => Create($"GET {path}", "", answerLength, headers);

    /// <summary>A request with a JSON body.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="bodyLength">Bytes of the body, at least 8.</param>
    /// <param name="answerLength">Bytes of the answer's body.</param>
    /// <param name="headers">Further header lines, without line ends.</param>
    public static LoadRequest Post(string path, int bodyLength, int answerLength, params ReadOnlySpan<string> headers)
    {
        var body = $$"""{"a":"{{new string('x', bodyLength - 8)}}"}""";
        return Create($"POST {path}", body, answerLength, ["Content-Type: application/json", $"Content-Length: {bodyLength}", .. headers]);
    }

    /// <summary>A request without a body that each connection signs anew each time.</summary>
    /// <param name="path">Path without a query.</param>
    /// <param name="answerLength">Bytes of the answer's body.</param>
    public static LoadRequest SignedGet(string path, int answerLength) => Get(path, answerLength, RequestSignature.Headers) with { SignedPath = path };

    /// <summary>The path to sign; null for a request that is always the same.</summary>
    public string? SignedPath { get; private init; }

    private static LoadRequest Create(string target, string body, int answerLength, ReadOnlySpan<string> headers)
    {
        var text = new StringBuilder()
            .Append(target).Append(" HTTP/1.1\r\n")
            .Append("Host: bench.example\r\n")
            .Append("User-Agent: gateway-bench\r\n")
            .Append("Accept: */*\r\n");
        foreach (var header in headers)
        {
            text.Append(header).Append("\r\n");
        }

        text.Append("\r\n").Append(body);
        return new LoadRequest(target, Encoding.ASCII.GetBytes(text.ToString()), answerLength);
    }
}
