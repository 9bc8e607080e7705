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

    private LocalFunctionHost _host = null!;

    /// <summary>What was logged so far: level, blank, message.</summary>
    public IEnumerable<string> Log => _log.Lines;

    /// <summary>A folder of the fixture's own. Functions <c>saved</c>, <c>classes</c>, <c>bare</c>, <c>jar</c> and <c>lib</c> have their code in folders of these names below.</summary>
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory();

    public async ValueTask InitializeAsync()
    {
        _host = await LocalFunctionHost.StartAsync([]);
        _host.LogTo(_log);
        _host.Apply(
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
                ["saved"] = Function(Path.Combine(Folder.FullName, "saved"), "Version::handleRequest") with { PreStop = "Version::preStop" },
                ["classes"] = Function(Path.Combine(Folder.FullName, "classes"), "Version::handleRequest"),
                ["bare"] = Function(Path.Combine(Folder.FullName, "bare"), "Version::handleRequest"),
                ["jar"] = Function(Path.Combine(Folder.FullName, "jar"), "Version::handleRequest"),
                ["lib"] = Function(Path.Combine(Folder.FullName, "lib"), "Version::handleRequest"),
            },
            Repository.Root);
    }

    private static LocalFunctionOptions Function(string code, string handler)
        => new() { Runtime = LocalRuntime.Java, Code = code, Handler = handler };

    /// <summary>Skips the test where there is no JDK.</summary>
    public static void Require()
    {
        if (JavaTools.Find() is null)
        {
            Assert.Skip("Needs a JDK: install one, version 11 or newer, and put java and javac on PATH.");
        }
    }

    /// <summary>Calls a function and asks for the end of its log.</summary>
    public async Task<HttpResponseMessage> CallAsync(string function, string eventText)
    {
        Require();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Address, $"/2023-03-30/functions/{function}/invocations"))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(eventText)),
        };
        request.Headers.Add("X-Fc-Log-Type", "Tail");
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Calls a function and reads its result or error object.</summary>
    public async Task<string> TextAsync(string function, string eventText)
    {
        using var response = await CallAsync(function, eventText);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until a line that ends so has been logged.</summary>
    public Task LoggedAsync(string end) => _log.LoggedAsync(end).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Folder.Delete(recursive: true);
        _client.Dispose();
        _log.Dispose();
    }

    private sealed class JavaLog : ILoggerFactory, ILogger
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = [];

        public ConcurrentQueue<string> Lines { get; } = [];

        public Task LoggedAsync(string end)
        {
            var awaited = _awaited.GetOrAdd(end, static _ => new TaskCompletionSource());
            if (Lines.Any(line => line.EndsWith(end, StringComparison.Ordinal)))
            {
                awaited.TrySetResult();
            }

            return awaited.Task;
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = $"{logLevel} {formatter(state, exception)}";
            Lines.Enqueue(line);
            foreach (var (_, awaited) in _awaited.Where(entry => line.EndsWith(entry.Key, StringComparison.Ordinal)))
            {
                awaited.TrySetResult();
            }
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>The tests that share the host.</summary>
[CollectionDefinition("Java")]
public sealed class JavaCollectionDefinition : ICollectionFixture<JavaFixture>;
