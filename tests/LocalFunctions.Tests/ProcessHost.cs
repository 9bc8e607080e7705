using System.Collections.Concurrent;
using System.Text;
using Gateway.LocalFunctions.Runtimes;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging;

namespace Gateway.LocalFunctions.Tests;

/// <summary>A host with one function in processes of its own, called over HTTP as the gateway calls it.</summary>
/// <remarks>Disposing of it checks that no process is left.</remarks>
internal sealed class ProcessHost : IAsyncDisposable
{
    public const string Function = "tested";
    private const string MarkVariable = "PROCESS_HOST_TEST";

    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly HttpClient _client = new();
    private readonly MessageLog _log = new();
    private readonly LocalFunctionHost _host;

    private ProcessHost(LocalFunctionHost host) => _host = host;

    /// <summary>All that the host has logged.</summary>
    public IEnumerable<string> Log => _log.Messages;

    /// <summary>Starts a host.</summary>
    /// <param name="options">The function. Its code is relative to the test's fixtures.</param>
    public static async Task<ProcessHost> StartAsync(LocalFunctionOptions options)
    {
        SkipUnlessInstalled(options.Runtime!.Value);
        var host = new ProcessHost(await LocalFunctionHost.StartAsync([], cancellationToken: TestContext.Current.CancellationToken));
        host._host.LogTo(host._log);
        var environment = new Dictionary<string, string>(options.Environment) { [MarkVariable] = host._mark };
        var folder = Path.Combine(Repository.Root, "tests", "LocalFunctions.Tests", "Fixtures");
        host._host.Apply(new Dictionary<string, LocalFunctionOptions> { [Function] = options with { Environment = environment } }, folder);
        return host;
    }

    /// <summary>Calls the function with a text as event.</summary>
    public Task<ProcessAnswer> InvokeAsync(string eventText) => InvokeAsync(Encoding.UTF8.GetBytes(eventText));

    /// <summary>Calls the function.</summary>
    public async Task<ProcessAnswer> InvokeAsync(byte[] eventBytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Address, $"/2023-03-30/functions/{Function}/invocations"));
        request.Headers.Add("X-Fc-Log-Type", "Tail");
        request.Content = new ByteArrayContent(eventBytes);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return new ProcessAnswer(
            (int)response.StatusCode,
            Header(response, "X-Fc-Error-Type"),
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            Header(response, "X-Fc-Request-Id")!,
            Encoding.UTF8.GetString(Convert.FromBase64String(Header(response, "X-Fc-Log-Result") ?? "")));
    }

    /// <summary>Stops the host.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _client.Dispose();

        // A killed process takes a moment to go, and nobody tells when: those that were not its parent cannot wait for it.
        Assert.True(SpinWait.SpinUntil(() => !IsAnyLeft(_mark), TimeSpan.FromSeconds(10)), "A process of the function is left.");
    }

    private static void SkipUnlessInstalled(LocalRuntime runtime)
    {
        if (RuntimeCatalogue.Of(runtime).FindMissing() is { } missing)
        {
            Assert.Skip(missing);
        }
    }

    private static string? Header(HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static bool IsAnyLeft(string mark)
    {
        var variable = Encoding.UTF8.GetBytes($"{MarkVariable}={mark}\0");
        return Directory.Exists("/proc/self") && Directory.EnumerateDirectories("/proc").Any(folder => Has(folder, variable));
    }

    private static bool Has(string folder, byte[] variable)
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(folder)[0]) && File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(variable) >= 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // Another user's, or ended meanwhile.
        }
    }

    private sealed class MessageLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Messages.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
