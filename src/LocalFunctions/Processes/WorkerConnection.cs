using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.LocalFunctions.Invocations;

namespace Gateway.LocalFunctions.Processes;

/// <summary>The connection to a worker: writes calls, reads answers. One call at a time. Owns the socket.</summary>
internal sealed class WorkerConnection(Socket socket) : IAsyncDisposable
{
    /// <summary>Largest result, the service's own limit for calls that wait.</summary>
    private const int LargestResult = 32 << 20;

    private const int LongestHead = 1024;
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>False once an answer was broken, too large or its worker's last, and when something came that nobody asked for.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>Looks at the idle connection: at its end, or with bytes to read, it is of no more use.</summary>
    public bool IsQuiet
    {
        get
        {
            try
            {
                return !socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <summary>Sends a call.</summary>
    /// <exception cref="IOException">The worker has gone.</exception>
    public async Task SendAsync(string type, Invocation call, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var head = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(head))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteString("requestId", call.RequestId);
            writer.WriteNumber("deadline", deadline.ToUnixTimeMilliseconds());
            writer.WriteNumber("length", call.Event.Length);
            writer.WriteEndObject();
        }

        head.Write("\n"u8);
        await _stream.WriteAsync(head.WrittenMemory, cancellationToken);
        await _stream.WriteAsync(call.Event, cancellationToken);
    }

    /// <summary>Waits for the answer.</summary>
    /// <exception cref="IOException">The worker has gone.</exception>
    /// <exception cref="InvalidDataException">What came is no answer.</exception>
    public async Task<InvocationResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestHead];
        var read = 0;
        int end;
        while ((end = buffer.AsSpan(0, read).IndexOf((byte)'\n')) < 0)
        {
            if (read == buffer.Length)
            {
                throw new InvalidDataException("the process answered out of turn");
            }

            var count = await _stream.ReadAsync(buffer.AsMemory(read), cancellationToken);
            read = count > 0 ? read + count : throw new EndOfStreamException("the process has ended, or closed its connection");
        }

        var (outcome, length, exits) = ReadHead(buffer.AsSpan(0, end));
        var early = read - end - 1;
        IsUsable &= !exits && length <= LargestResult && early <= length;
        if (length > LargestResult)
        {
            return InvocationResult.Unhandled(string.Create(CultureInfo.InvariantCulture, $"the result is {length} bytes long; {LargestResult} is the most"));
        }

        var body = new byte[length];
        early = Math.Min(early, body.Length);
        buffer.AsSpan(end + 1, early).CopyTo(body);
        await _stream.ReadExactlyAsync(body.AsMemory(early), cancellationToken);
        return new InvocationResult { Outcome = outcome, Body = body };
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static (InvocationOutcome Outcome, long Length, bool Exits) ReadHead(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            var head = JsonElement.ParseValue(ref reader);
            var outcome = head.GetProperty("outcome").GetString() switch
            {
                "ok" => InvocationOutcome.Answered,
                "handled" => InvocationOutcome.HandledError,
                "unhandled" => InvocationOutcome.UnhandledError,
                _ => throw new FormatException(),
            };
            var length = head.GetProperty("length").GetInt64();
            ArgumentOutOfRangeException.ThrowIfNegative(length);
            return (outcome, length, head.TryGetProperty("exit", out var exit) && exit.GetBoolean());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("the process answered out of turn", exception);
        }
    }
}
