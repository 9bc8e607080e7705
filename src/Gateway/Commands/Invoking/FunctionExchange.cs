namespace Gateway.Commands.Invoking;

/// <summary>What went to a function and what came back: filled while the call runs. Owns the rest of the reply.</summary>
internal sealed class FunctionExchange : IDisposable
{
    /// <summary>Bytes of the reply that are read beyond what the gateway itself reads of it.</summary>
    private const int LargestRest = 256 << 10;

    private static readonly TimeSpan RestPatience = TimeSpan.FromSeconds(2);

    private readonly MemoryStream _result = new();
    private HttpContent? _reply;

    /// <summary>Bytes to send in place of the event that the gateway made; null to send that one.</summary>
    public byte[]? GivenEvent { get; init; }

    /// <summary>Whether the function is called; if not, only the event is made.</summary>
    public required bool IsSent { get; init; }

    /// <summary>Whether the function service is asked for the end of the call's log.</summary>
    public bool WantsLog { get; init; }

    /// <summary>The event; null until it has been made.</summary>
    public byte[]? Event { get; set; }

    /// <summary>Status of the reply; null when there was none.</summary>
    public int? Status { get; private set; }

    /// <summary>The reply's <c>X-Fc-*</c> headers, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; private set; } = [];

    /// <summary>From the sending to the head of the reply.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>The function's raw result, as far as it was read.</summary>
    public ReadOnlyMemory<byte> Result => _result.GetBuffer().AsMemory(0, (int)_result.Length);

    /// <summary>Whether <see cref="Result"/> is all of it.</summary>
    public bool IsResultWhole { get; private set; }

    /// <summary>Takes in a reply: what the gateway reads of it from now on is kept.</summary>
    public void Begin(HttpResponseMessage reply, TimeSpan duration)
    {
        Status = (int)reply.StatusCode;
        Duration = duration;
        Facts = [.. reply.Headers.NonValidated
            .Where(static header => header.Key.StartsWith("X-Fc-", StringComparison.OrdinalIgnoreCase))
            .Select(static header => KeyValuePair.Create(header.Key, header.Value.ToString()))];
        _reply = reply.Content;
        reply.Content = new RecordedContent(_reply, _result);
    }

    /// <summary>Reads what the gateway left: of an error it reads only the beginning. A quarter of a megabyte and two seconds at most.</summary>
    public async Task FinishAsync()
    {
        if (_reply is null)
        {
            return;
        }

        using var patience = new CancellationTokenSource(RestPatience);
        var buffer = new byte[16 << 10];
        var last = _result.Length + LargestRest;
        try
        {
            var stream = await _reply.ReadAsStreamAsync(patience.Token);
            while (_result.Length < last)
            {
                var read = await stream.ReadAsync(buffer, patience.Token);
                _result.Write(buffer, 0, read);
                if (read == 0)
                {
                    IsResultWhole = true;
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The bytes that came are shown.
        }
    }

    public void Dispose()
    {
        _reply?.Dispose();
        _result.Dispose();
    }
}
