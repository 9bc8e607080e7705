using System.Collections.Concurrent;
using System.Text;
using Gateway.LocalFunctions.Runtimes;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging;

namespace Gateway.LocalFunctions.Tests;

/// <summary>One host for all Java tests: a virtual machine takes its time to start. Tests of the collection run one after another.</summary>
public sealed class JavaFixture : IAsyncLifetime
{
    private const string Fixtures = "tests/LocalFunctions.Tests/Java/functions";
    private const string Samples = "samples/functions/java";

    private readonly HttpClient _client = new();
    private readonly JavaLog _log = new();

    public LocalFunctionHost Host { get; private set; } = null!;

    public IEnumerable<string> Log => _log.Lines;

    public async ValueTask InitializeAsync()
    {
        Host = await LocalFunctionHost.StartAsync([]);
        Host.LogTo(_log);
        Host.Apply(
            new Dictionary<string, LocalFunctionOptions>
            {
                ["app"] = Function(Samples, "example.App::handleRequest"),
                ["stream"] = Function(Samples, "example.StreamApp::handleRequest"),
                ["image"] = Function(Samples, "example.Image::handleRequest"),
                ["cookies"] = Function(Samples, "example.Cookies::handleRequest"),
                ["fail"] = Function(Samples, "example.Fail::handleRequest"),
                ["cases"] = Function(Fixtures, "fixtures.Cases::handleRequest"),
                ["hasty"] = Function(Fixtures, "fixtures.Cases::handleRequest") with { Timeout = TimeSpan.FromMilliseconds(700) },
                ["hooks"] = Function(Fixtures, "fixtures.Cases::handleRequest") with
                {
                    Initializer = "fixtures.Cases::initialize",
                    PreStop = "fixtures.Cases::preStop",
                },
                ["beans"] = Function(Fixtures, "fixtures.Beans::handleRequest"),
                ["nothing"] = Function(Fixtures, "fixtures.Nothing::handleRequest"),
                ["bad-start"] = Function(Fixtures, "fixtures.BadStart::handleRequest"),
                ["no-class"] = Function(Fixtures, "fixtures.Absent::handleRequest"),
                ["no-method"] = Function(Fixtures, "fixtures.Cases::answer"),
                ["no-handler"] = Function(Fixtures, "java.lang.Object::handleRequest"),
                ["no-colons"] = Function(Fixtures, "fixtures.Cases.handleRequest"),
                ["bad-hook"] = Function(Fixtures, "fixtures.Cases::handleRequest") with { Initializer = "fixtures.Nothing::initialize" },
                ["broken"] = Function("tests/LocalFunctions.Tests/Java/broken", "broken.Broken::handleRequest"),
            },
            Repository.Root);
    }

    public static LocalFunctionOptions Function(string code, string handler)
        => new() { Runtime = LocalRuntime.Java, Code = code, Handler = handler };

    /// <summary>Skips the test where there is no JDK.</summary>
    public static void Require()
    {
        if (JavaTools.Find() is null)
        {
            Assert.Skip("Needs a JDK: install one, version 11 or newer, and put java and javac on PATH.");
        }
    }

    public Task<HttpResponseMessage> CallAsync(string function, string eventText) => CallAsync(Host, function, eventText);

    public async Task<HttpResponseMessage> CallAsync(LocalFunctionHost host, string function, string eventText)
    {
        Require();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, $"/2023-03-30/functions/{function}/invocations"))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(eventText)),
        };
        request.Headers.Add("X-Fc-Log-Type", "Tail");
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<string> TextAsync(string function, string eventText)
    {
        using var response = await CallAsync(function, eventText);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _client.Dispose();
        _log.Dispose();
    }

    private sealed class JavaLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Enqueue($"{logLevel} {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}

/// <summary>The tests that share the host.</summary>
[CollectionDefinition("Java")]
public sealed class JavaCollectionDefinition : ICollectionFixture<JavaFixture>;
