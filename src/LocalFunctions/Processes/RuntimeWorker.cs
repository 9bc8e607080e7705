using System.Net.Sockets;
using Gateway.LocalFunctions.Invocations;

namespace Gateway.LocalFunctions.Processes;

/// <summary>A process of a built-in runtime. Our program in it (folder <c>workers</c>) connects to the host and calls the handler.</summary>
/// <remarks>
/// Both sides send a line of JSON and then as many bytes as it says. To the worker: <c>{"type":"initialize"|"invoke"|"pre-stop",
/// "requestId":…,"deadline":ms since 1970,"length":n}</c> and the event. From it: <c>{"outcome":"ok"|"handled"|"unhandled","length":n}</c> and
/// the result, or the error object. With <c>"exit":true</c> it wants no further call. Before it answers, it writes a line of U+001E and the
/// request's id to its standard output and error, so that the host knows whose lines are whose.
/// </remarks>
internal sealed class RuntimeWorker : IWorker
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Longest time to read what a process has sent before it ended.</summary>
    private static readonly TimeSpan ExitPatience = TimeSpan.FromMilliseconds(500);

    private readonly FunctionSettings _function;
    private readonly WorkerProcess _process;
    private readonly WorkerConnection _connection;
    private readonly TimeSpan _initializeTimeout;
    private readonly HostLog _log;
    private readonly CancellationToken _stopping;
    private bool _isInitialized;
    private bool _hasFailed;

    private RuntimeWorker(
        FunctionSettings function, WorkerProcess process, WorkerConnection connection, TimeSpan initializeTimeout, HostLog log, CancellationToken stopping)
    {
        _function = function;
        _process = process;
        _connection = connection;
        _initializeTimeout = initializeTimeout;
        _log = log;
        _stopping = stopping;
    }

    public bool IsUsable => !_hasFailed && _connection.IsUsable && _connection.IsQuiet && !_process.HasExited;

    /// <summary>Starts a process and waits until it has connected.</summary>
    public static async Task<IWorker> StartAsync(
        FunctionSettings function, LaunchPlan plan, string requestId, ProcessEnvironment processes, HostLog log, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(StartTimeout);
        var token = processes.Listener.Expect();
        var connected = processes.Listener.AcceptAsync(token, patience.Token);
        var variables = new Dictionary<string, string>(plan.Environment) { ["FC_LOCAL_PORT"] = processes.Listener.Port, ["FC_LOCAL_TOKEN"] = token };
        WorkerProcess? process = null;
        try
        {
            process = WorkerProcess.Start(function, plan with { Environment = variables }, processes, log);
            process.Output.Begin(requestId, isMarked: true);
            if (await Task.WhenAny(connected, process.Exited) != connected)
            {
                var output = await process.Output.EndAsync();
                throw new StartFailedException(
                    "CAExited", $"the process of function '{function.Name}' ended with exit code {process.ExitCode} before it was ready. {output}".TrimEnd());
            }

            return new RuntimeWorker(function, process, new WorkerConnection(await connected), processes.InitializeTimeout, log, stopping);
        }
        catch (Exception exception)
        {
            await patience.CancelAsync();
            await AbandonAsync(connected, process);
            if (exception is OperationCanceledException && !stopping.IsCancellationRequested)
            {
                throw new StartFailedException("FunctionNotStarted", $"the process of function '{function.Name}' was not ready in {StartTimeout.TotalSeconds} s");
            }

            throw;
        }
    }

    public async Task<InvocationResult> InvokeAsync(Invocation call)
    {
        if (!_isInitialized && _function.Options.Initializer is not null)
        {
            var initialized = await CallAsync("initialize", call with { Event = default }, "Initialize", _initializeTimeout);
            if (initialized.Outcome != InvocationOutcome.Answered)
            {
                _hasFailed = true;
                return initialized;
            }

            await _process.Output.EndAsync(); // Its lines come before those of the call, which has the same id.
        }

        _isInitialized = true;
        return await CallAsync("invoke", call, "Invoke", _function.Options.Timeout);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsUsable && _isInitialized && _function.Options.PreStop is not null)
        {
            await CallAsync("pre-stop", new Invocation(Guid.NewGuid().ToString(), _function.Name, default, WantsLog: false), "PreStop", ProcessEnvironment.PreStopTimeout);
        }

        await _connection.DisposeAsync();
        await _process.DisposeAsync();
    }

    /// <summary>Undoes a start: a process that connects at the last moment must not keep its connection.</summary>
    private static async Task AbandonAsync(Task<Socket> connected, WorkerProcess? process)
    {
        await ((Task)connected).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connected.IsCompletedSuccessfully)
        {
            (await connected).Dispose();
        }

        if (process is not null)
        {
            await process.DisposeAsync();
        }
    }

    private async Task<InvocationResult> CallAsync(string type, Invocation call, string word, TimeSpan timeout)
    {
        var stopping = type == "pre-stop" ? CancellationToken.None : _stopping; // The pre-stop hook runs because the host stops.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(timeout);
        _process.Output.Begin(call.RequestId, isMarked: true);
        _process.Output.Note($"FC {word} Start RequestId: {call.RequestId}");
        var result = await ExchangeAsync(type, call, timeout, deadline.Token, stopping);
        if (call.WantsLog)
        {
            result = result with { Log = await _process.Output.EndAsync($"FC {word} End RequestId: {call.RequestId}{FunctionErrors.LogEnd(result.Outcome)}") };
        }

        return result with { InstanceId = _process.InstanceId, PeakMemory = _process.PeakMemory };
    }

    private async Task<InvocationResult> ExchangeAsync(
        string type, Invocation call, TimeSpan timeout, CancellationToken deadline, CancellationToken stopping)
    {
        var started = TimeProvider.System.GetTimestamp();
        var memory = _process.PeakMemory; // For the message, should it end now.
        try
        {
            return await ExchangeWhileAliveAsync(type, call, TimeProvider.System.GetUtcNow() + timeout, deadline);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            _hasFailed = true;
            _log.Logger.TimedOut(_function.Name, timeout, call.RequestId);
            return InvocationResult.Unhandled(FunctionErrors.TimedOut(timeout));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException)
        {
            // Never called again in another process, even if it may not have begun: the service retries no call that waits.
            _hasFailed = true;
            _log.Logger.Exited(_function.Name, call.RequestId, exception.Message);
            return InvocationResult.Unhandled(FunctionErrors.Exited(TimeProvider.System.GetElapsedTime(started), memory));
        }
    }

    /// <summary>Sends a call and waits for its answer, no longer than the process lives.</summary>
    /// <exception cref="IOException">The process has ended, or closed its connection.</exception>
    private async Task<InvocationResult> ExchangeWhileAliveAsync(string type, Invocation call, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var exchange = SendAndReceiveAsync(giveUp.Token);
        if (await Task.WhenAny(exchange, _process.Exited) != exchange)
        {
            giveUp.CancelAfter(ExitPatience); // A child that has the connection, too, hides its end from us.
        }

        try
        {
            return await exchange;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EndOfStreamException("the process has ended");
        }

        async Task<InvocationResult> SendAndReceiveAsync(CancellationToken token)
        {
            await _connection.SendAsync(type, call, deadline, token);
            return await _connection.ReceiveAsync(token);
        }
    }
}
