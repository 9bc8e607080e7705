using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Bench.Load;

/// <summary>One keep-alive connection that sends the same request again and again and checks every answer.</summary>
/// <remarks>Raw sockets: an HTTP client would cost more than the gateway, on the same machine.</remarks>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly LoadRequest _request;
    private readonly RequestSignature? _signature;

    private LoadConnection(LoadRequest request)
    {
        _request = request;
        _signature = request.SignedPath is null ? null : new RequestSignature(request);
    }

    /// <summary>Answers that came as they should in the last <see cref="RunAsync"/>.</summary>
    public long Answers { get; private set; }

    /// <summary>What ended the last run before its time; null when nothing did.</summary>
    public string? Failure { get; private set; }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<LoadConnection> OpenAsync(IPEndPoint server, LoadRequest request)
    {
        var connection = new LoadConnection(request);
        try
        {
            await connection._socket.ConnectAsync(server);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends requests, one at a time and at least one, until <paramref name="end"/> or the first wrong answer.</summary>
    /// <param name="end">In ticks of <see cref="Stopwatch"/>; a request that is under way then is still waited for.</param>
    public async Task RunAsync(long end)
    {
        Answers = 0;
        Failure = null;
        try
        {
            do
            {
                await _socket.SendAsync(_signature?.Next() ?? _request.Bytes, SocketFlags.None);

                // The head comes to lie in the buffer as a whole; the body is only counted.
                int filled = 0, bodyStart;
                do
                {
                    filled += Received(await _socket.ReceiveAsync(_buffer.AsMemory(filled), SocketFlags.None));
                    bodyStart = FindBody(filled);
                }
                while (bodyStart < 0);

                var missing = CheckHead(bodyStart) - (filled - bodyStart);
                while (missing > 0)
                {
                    missing -= Received(await _socket.ReceiveAsync(_buffer, SocketFlags.None));
                }

                if (missing < 0)
                {
                    throw new InvalidDataException($"{-missing} bytes more than the answer's length");
                }

                Answers++;
            }
            while (Stopwatch.GetTimestamp() < end);
        }
        catch (Exception exception) when (exception is SocketException or InvalidDataException)
        {
            Failure = $"{_request.Target}: {exception.Message}";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static int Received(int count)
        => count > 0 ? count : throw new InvalidDataException("the connection was closed before the answer's end");

    private int FindBody(int filled)
    {
        var end = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        return end < 0 ? -1 : end + 4;
    }

    /// <summary>The length of the body that follows, after it is known to be the right one.</summary>
    private int CheckHead(int length)
    {
        var head = _buffer.AsSpan(0, length);
        if (!head.StartsWith("HTTP/1.1 200 "u8) || ContentLength(head) != _request.AnswerLength)
        {
            throw new InvalidDataException($"expected 200 and {_request.AnswerLength} bytes, got:\n{Encoding.ASCII.GetString(head)}");
        }

        return _request.AnswerLength;
    }

    /// <summary>The value of the header, in the spelling that both programs use, or -1.</summary>
    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        var start = head.IndexOf(name);
        return start >= 0 && Utf8Parser.TryParse(head[(start + name.Length)..], out int length, out _) ? length : -1;
    }
}
