using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.LocalFunctions.Invocations;

namespace Gateway.LocalFunctions.Processes;

/// <summary>A process of a built-in runtime. Our program in it (folder <c>workers</c>) connects to the host and calls the handler.</summary>
/// <remarks>
/// Both sides send a line of JSON and then as many bytes as it says. To the worker: <c>{"type":"initialize"|"invoke"|"pre-stop",
/// "requestId":…,"deadline":ms since 1970,"length":n}</c> and the event. From it: <c>{"outcome":"ok"|"handled"|"unhandled","length":n}</c> and
/// the result, or the error object. With <c>"exit":true</c> it wants no further call.
/// </remarks>
internal sealed class RuntimeWorker : IWorker
{
    /// <summary>Largest result, the service's own limit for calls that wait.</summary>
    private const int LargestResult = 32 << 20;

    private const int LongestHead = 1024;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan InitializeTimeout = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan PreStopTimeout = TimeSpan.FromSeconds(3);

    private readonly FunctionSettings _function;
    private readonly WorkerProcess _process;
    private readonly NetworkStream _connection;
    private readonly HostLog _log;
    private readonly CancellationToken _stopping;
    private bool _isInitialized;
    private bool _isUsable = true;

    private RuntimeWorker(FunctionSettings function, WorkerProcess process, Socket socket, HostLog log, CancellationToken stopping)
    {
        _function = function;
        _process = process;
        _connection = new NetworkStream(socket, ownsSocket: true);
        _log = log;
        _stopping = stopping;
    }

    public bool IsUsable => _isUsable && !_process.HasExited;

    /// <summary>Starts a process and waits until it has connected.</summary>
    public static async Task<IWorker> StartAsync(
        FunctionSettings function, LaunchPlan plan, string requestId, ProcessEnvironment processes, HostLog log, CancellationToken stopping)
    {
        var token = processes.Listener.Expect();
        var process = WorkerProcess.Start(
            function,
            plan with
            {
                Environment = new Dictionary<string, string>(plan.Environment)
                {
                    ["FC_LOCAL_PORT"] = processes.Listener.Port,
                    ["FC_LOCAL_TOKEN"] = token,
                },
            },
            processes,
            log);
        process.Output.Begin(requestId);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timeout.CancelAfter(StartTimeout);
        try
        {
            var connected = processes.Listener.AcceptAsync(token, timeout.Token);
            if (await Task.WhenAny(connected, process.Exited) != connected)
            {
                await timeout.CancelAsync();
                var output = await process.Output.EndAsync();
                throw new StartFailedException("CAExited", $"the process of function '{function.Name}' ended with exit code {process.ExitCode} before it was ready. {output}".TrimEnd());
            }

            return new RuntimeWorker(function, process, await connected, log, stopping);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            await process.DisposeAsync();
            throw new StartFailedException("FunctionNotStarted", $"the process of function '{function.Name}' was not ready in {StartTimeout.TotalSeconds} s");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task<InvocationResult> InvokeAsync(Invocation call)
    {
        if (!_isInitialized && _function.Options.Initializer is not null)
        {
            var initialized = await CallAsync("initialize", call with { Event = default }, "Initialize", InitializeTimeout);
            if (initialized.Outcome != InvocationOutcome.Answered)
            {
                _isUsable = false;
                return initialized;
            }
        }

        _isInitialized = true;
        return await CallAsync("invoke", call, "Invoke", _function.Options.Timeout);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsUsable && _isInitialized && _function.Options.PreStop is not null)
        {
            await CallAsync("pre-stop", new Invocation(Guid.NewGuid().ToString(), _function.Name, default, WantsLog: false), "PreStop", PreStopTimeout);
        }

        await _connection.DisposeAsync();
        await _process.DisposeAsync();
    }

    private async Task<InvocationResult> CallAsync(string type, Invocation call, string word, TimeSpan timeout)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(type == "pre-stop" ? default : _stopping);
        deadline.CancelAfter(timeout);
        var started = TimeProvider.System.GetTimestamp();
        _process.Output.Begin(call.RequestId);
        _process.Output.Note($"FC {word} Start RequestId: {call.RequestId}");
        InvocationResult result;
        try
        {
            await SendAsync(type, call, timeout, deadline.Token);
            result = await ReceiveAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _isUsable = false;
            _log.Logger.TimedOut(_function.Name, timeout, call.RequestId);
            result = InvocationResult.Unhandled(FunctionErrors.TimedOut(timeout));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            _isUsable = false;
            _log.Logger.Exited(_function.Name, call.RequestId, exception.Message);
            result = InvocationResult.Unhandled(FunctionErrors.Exited(TimeProvider.System.GetElapsedTime(started), _process.PeakMemory));
        }

        var error = result.Outcome == InvocationOutcome.Answered ? "" : ", Error: " + Encoding.UTF8.GetString(result.Body.Span);
        var log = call.WantsLog ? await _process.Output.EndAsync() + $"FC {word} End RequestId: {call.RequestId}{error}\n" : null;
        return result with { InstanceId = _process.InstanceId, PeakMemory = _process.PeakMemory, Log = log };
    }

    private async Task SendAsync(string type, Invocation call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var frame = new ArrayBufferWriter<byte>(256 + call.Event.Length);
        using (var writer = new Utf8JsonWriter(frame))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteString("requestId", call.RequestId);
            writer.WriteNumber("deadline", (TimeProvider.System.GetUtcNow() + timeout).ToUnixTimeMilliseconds());
            writer.WriteNumber("length", call.Event.Length);
            writer.WriteEndObject();
        }

        frame.Write("\n"u8);
        frame.Write(call.Event.Span);
        await _connection.WriteAsync(frame.WrittenMemory, cancellationToken);
    }

    private async Task<InvocationResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestHead];
        var read = 0;
        int end;
        while ((end = buffer.AsSpan(0, read).IndexOf((byte)'\n')) < 0)
        {
            var count = read < buffer.Length ? await _connection.ReadAsync(buffer.AsMemory(read), cancellationToken) : 0;
            read = count > 0 ? read + count : throw new IOException("the process ended");
        }

        var (outcome, length, exits) = ReadHead(buffer.AsSpan(0, end));
        _isUsable &= !exits;
        if (length > LargestResult)
        {
            _isUsable = false;
            return InvocationResult.Unhandled(string.Create(CultureInfo.InvariantCulture, $"the result is {length} bytes long; {LargestResult} is the most"));
        }

        var body = new byte[length];
        var early = Math.Min(read - end - 1, length);
        buffer.AsSpan(end + 1, early).CopyTo(body);
        await _connection.ReadExactlyAsync(body.AsMemory(early), cancellationToken);
        return new InvocationResult { Outcome = outcome, Body = body };
    }

    private static (InvocationOutcome Outcome, int Length, bool Exits) ReadHead(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            var head = JsonElement.ParseValue(ref reader);
            var outcome = head.GetProperty("outcome").GetString() switch
            {
                "ok" => InvocationOutcome.Answered,
                "handled" => InvocationOutcome.HandledError,
                _ => InvocationOutcome.UnhandledError,
            };
            return (outcome, head.GetProperty("length").GetInt32(), head.TryGetProperty("exit", out var exit) && exit.GetBoolean());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException("the process answered out of turn", exception);
        }
    }
}
