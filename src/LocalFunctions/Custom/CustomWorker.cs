using System.Net.Http.Headers;
using Gateway.LocalFunctions.Invocations;
using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Custom;

/// <summary>A custom runtime's process that takes events: <c>POST /invoke</c>, and <c>/initialize</c> and <c>/pre-stop</c> where the function has them.</summary>
/// <remarks>Paths, headers and what counts as a failure: the cloud's custom runtime specification.</remarks>
internal sealed class CustomWorker : IWorker
{
    private static readonly MediaTypeHeaderValue EventType = new("application/octet-stream");

    private readonly FunctionSettings _function;
    private readonly TimeSpan _initializeTimeout;
    private readonly HostLog _log;
    private readonly CancellationToken _stopping;
    private bool _isInitialized;
    private volatile bool _isUsable = true;

    private CustomWorker(FunctionSettings function, CustomServer server, TimeSpan initializeTimeout, HostLog log, CancellationToken stopping)
    {
        _function = function;
        Server = server;
        Headers = new CommonHeaders(function);
        _initializeTimeout = initializeTimeout;
        _log = log;
        _stopping = stopping;
    }

    /// <summary>The process and its client.</summary>
    public CustomServer Server { get; }

    /// <summary>What each request to it carries.</summary>
    public CommonHeaders Headers { get; }

    /// <inheritdoc/>
    public bool IsUsable => _isUsable && !Server.Process.HasExited;

    /// <summary>Starts a process and waits until it accepts connections.</summary>
    /// <exception cref="StartFailedException">It could not be started.</exception>
    public static async Task<CustomWorker> StartAsync(
        FunctionSettings function, string requestId, ProcessEnvironment processes, HostLog log, CancellationToken stopping)
        => new(function, await CustomServer.StartAsync(function, requestId, processes, log, stopping), processes.InitializeTimeout, log, stopping);

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The host stops.</exception>
    public async Task<InvocationResult> InvokeAsync(Invocation call)
        => await InitializeAsync(call) is { } failure ? failure : await CallAsync(HttpMethod.Post, "/invoke", call, "Invoke", _function.Options.Timeout);

    /// <summary>Calls the initializer, where there is one and it has not run.</summary>
    /// <returns>Its failure, after which the process is of no use; null when all went well.</returns>
    public async Task<InvocationResult?> InitializeAsync(Invocation call)
    {
        if (!_isInitialized && _function.Options.Initializer is not null)
        {
            var initialized = await CallAsync(HttpMethod.Post, "/initialize", call with { Event = default }, "Initialize", _initializeTimeout);
            if (initialized.Outcome != InvocationOutcome.Answered)
            {
                _isUsable = false;
                return initialized;
            }
        }

        _isInitialized = true;
        return null;
    }

    /// <summary>Gives the process no further call: it hangs.</summary>
    public void Abandon() => _isUsable = false;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (IsUsable && _isInitialized && _function.Options.PreStop is not null)
        {
            await CallAsync(HttpMethod.Get, "/pre-stop", new Invocation(Guid.NewGuid().ToString(), _function.Name, default, WantsLog: false), "PreStop", ProcessEnvironment.PreStopTimeout);
        }

        await Server.DisposeAsync();
    }

    private async Task<InvocationResult> CallAsync(HttpMethod method, string path, Invocation call, string word, TimeSpan timeout)
    {
        var stopping = method == HttpMethod.Get ? CancellationToken.None : _stopping; // The pre-stop hook runs because the host stops.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(timeout);
        var started = TimeProvider.System.GetTimestamp();
        var output = Server.Process.Output;
        output.Begin(call.RequestId);
        output.Note($"FC {word} Start RequestId: {call.RequestId}");
        InvocationResult result;
        try
        {
            using var request = CreateRequest(method, path, call);
            using var response = await Server.Client.SendAsync(request, deadline.Token);
            result = await CustomAnswer.ReadAsync(response, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _isUsable = false;
            stopping.ThrowIfCancellationRequested();
            _log.Logger.TimedOut(_function.Name, timeout, call.RequestId);
            result = InvocationResult.Unhandled(FunctionErrors.TimedOut(timeout));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            _isUsable = false;
            _log.Logger.Exited(_function.Name, call.RequestId, LogText.Lines(exception.Message));
            result = await DescribeAsync(exception, TimeProvider.System.GetElapsedTime(started));
        }

        if (call.WantsLog)
        {
            result = result with { Log = await output.EndAsync($"FC {word} End RequestId: {call.RequestId}{FunctionErrors.LogEnd(result.Outcome)}") };
        }

        return result with { InstanceId = Server.Process.InstanceId, PeakMemory = Server.Process.PeakMemory };
    }

    private HttpRequestMessage CreateRequest(HttpMethod method, string path, Invocation call)
    {
        var request = new HttpRequestMessage(method, Server.Address + path);
        Headers.AddTo(request.Headers, call.RequestId, path);
        if (method == HttpMethod.Post)
        {
            request.Content = new ReadOnlyMemoryContent(call.Event) { Headers = { ContentType = EventType } };
        }

        return request;
    }

    /// <summary>A broken connection is the end of the process, or the answer of a server that does not speak HTTP.</summary>
    private async Task<InvocationResult> DescribeAsync(Exception exception, TimeSpan duration)
    {
        var peakMemory = Server.Process.PeakMemory;
        return await Server.HasEndedAsync()
            ? InvocationResult.Unhandled(FunctionErrors.Exited(duration, peakMemory))
            : InvocationResult.BadResponse($"the server of function '{_function.Name}' did not answer as HTTP asks for: {exception.Message}");
    }
}
