using System.Globalization;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>Local functions come, change and go while the gateway runs, and so does their code.</summary>
public sealed class LocalFunctionReloadTests : IAsyncLifetime
{
    private const string Code = """
        exports.first = (event, context, callback) => callback(null, { statusCode: 200, body: 'first ' + process.env.GREETING });
        exports.second = (event, context, callback) => callback(null, { statusCode: 200, body: 'second ' + process.env.GREETING });
        """;

    private RunningGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Programs.IsOnPath("node"), "Needs node on PATH; install Node.js to run this.");
        _gateway = await RunningGateway.StartAsync(Settings(Function("a", "first")), null);
        Directory.CreateDirectory(Path.Combine(_gateway.Folder, "code"));
        await WriteCodeAsync(Code);
        Assert.Equal("first hello", await GetAsync("/a"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
    }

    [Fact]
    public async Task Change_OfAFunctionAlone_IsApplied()
    {
        await SaveAsync(Settings(Function("a", "second", "bye")));

        await UntilAsync("/a", "second bye");
    }

    [Fact]
    public async Task Functions_AddedAndRemoved_AnswerAndAnswerNoMore()
    {
        await SaveAsync(Settings(Function("a", "first"), Function("b", "second")));
        await UntilAsync("/b", "second hello");
        Assert.Equal("first hello", await GetAsync("/a"));

        await SaveAsync(Settings(Function("b", "second")));
        await UntilAsync("/a", "404");
        Assert.Equal("second hello", await GetAsync("/b"));
    }

    [Theory]
    [InlineData("\"Handler\": \"index.second\"", "\"Handler\": \"index.second\", \"Timeout\": \"ten\"", "Timeout")]
    [InlineData("\"Handler\"", "\"Handlr\"", "Did you mean")]
    public async Task RefusedConfiguration_ChangesNoFunction(string good, string bad, string complaint)
    {
        await SaveAsync(Settings(Function("a", "second")).Replace(good, bad, StringComparison.Ordinal));
        await UntilAsync(() => Task.FromResult(_gateway.Log.Errors.Any(line => line.Contains(complaint, StringComparison.Ordinal))));

        Assert.Equal("first hello", await GetAsync("/a"));

        await SaveAsync(Settings(Function("a", "second")));
        await UntilAsync("/a", "second hello");
    }

    [Fact]
    public async Task SavedCode_AnswersTheNextCall()
    {
        await WriteCodeAsync(Code.Replace("'first '", "'edited '", StringComparison.Ordinal));

        Assert.Equal("edited hello", await GetAsync("/a"));
    }

    private static string Function(string name, string handler, string greeting = "hello")
        => $$"""
            "{{name}}": { "Runtime": "nodejs", "Code": "code", "Handler": "index.{{handler}}", "Environment": { "GREETING": "{{greeting}}" } }
            """;

    private static string Settings(params string[] functions)
    {
        var names = functions.Select(static function => function.Trim().Split('"')[1]).ToArray();
        return $$"""
            {
              "Gateway": {
                "Backends": { {{string.Join(", ", names.Select(static name => $$"""
                    "{{name}}": { "Type": "EventFunction" }
                    """))}} },
                "LocalFunctions": { {{string.Join(", ", functions)}} },
                "Groups": { "g": { "Apis": { {{string.Join(", ", names.Select(static name => $$"""
                    "{{name}}": { "Path": "/{{name}}", "Backend": "{{name}}", "Auth": "None" }
                    """))}} } } }
              }
            }
            """;
    }

    private Task SaveAsync(string text) => File.WriteAllTextAsync(Path.Combine(_gateway.Folder, "appsettings.json"), text);

    private Task WriteCodeAsync(string code) => File.WriteAllTextAsync(Path.Combine(_gateway.Folder, "code", "index.js"), code);

    private async Task<string> GetAsync(string path)
    {
        using var response = await _gateway.Client.GetAsync(new Uri(path, UriKind.Relative));
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
    }

    private Task UntilAsync(string path, string answer) => UntilAsync(async () => await GetAsync(path) == answer);

    /// <summary>Waits, at most ten seconds, until the program has seen the files.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
