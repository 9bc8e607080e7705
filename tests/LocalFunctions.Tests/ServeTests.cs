using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.LocalFunctions.Serving;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.LocalFunctions.Tests;

public sealed class ServeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serve-");
    private readonly ServeOutput _output = new();
    private readonly ServeOutput _error = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Help_Asked_IsPrintedAndAllIsWell()
    {
        Assert.Equal(0, await RunAsync("serve", "--help"));

        Assert.Contains("serve DIR [--port 9000] [--host 127.0.0.1]", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public void Samples_File_NamesOnlyFunctionsThatAreThere()
    {
        var served = ServedFunctions.Look(Path.Combine(Repository.Root, "samples", "functions"));

        Assert.Empty(served.Problems);
        Assert.Equal(18, served.Functions.Count); // Index, image, cookies and fail of each runtime, Java's stream and the custom server.
        Assert.All(served.Functions, static function =>
        {
            var (name, options) = function;
            var folder = Path.Combine(Repository.Root, "samples", "functions", options.Code!);
            var file = options.Runtime switch
            {
                LocalRuntime.Custom => "bootstrap",
                LocalRuntime.Java => Path.Combine("src", "main", "java", options.Handler!.Split("::")[0].Replace('.', '/') + ".java"),
                _ => options.Handler!.Split('.')[0] + (options.Runtime switch { LocalRuntime.NodeJs => ".js", LocalRuntime.Python => ".py", _ => ".php" }),
            };
            Assert.True(File.Exists(Path.Combine(folder, file)), $"{name}: there is no {file}");
        });
    }

    [Theory]
    [InlineData("the verb is serve.")]
    [InlineData("the verb is serve.", "run")]
    [InlineData("which folder?", "serve")]
    [InlineData("--port takes a number from 0 to 65535, not 'x'.", "serve", "d", "--port", "x")]
    [InlineData("--port takes a number from 0 to 65535, not '65536'.", "serve", "d", "--port", "65536")]
    [InlineData("--port takes a number from 0 to 65535, not ''.", "serve", "d", "--port")]
    [InlineData("--host takes an IP address or localhost, not 'example.com'.", "serve", "d", "--host", "example.com")]
    [InlineData("there is no option --prot.", "serve", "d", "--prot", "1")]
    [InlineData("one folder is served, and 'e' is a second.", "serve", "d", "e")]
    public async Task Arguments_NotValid_AreToldWithTheUsage(string problem, params string[] args)
    {
        Assert.Equal(2, await RunAsync(args));

        Assert.StartsWith($"functions: {problem}", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("serve DIR [--port 9000]", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_ManyProblems_AreListedAtOnce()
    {
        Write("""
            {
              // The keys are those of the gateway's section.
              "functions": {
                "a": { "Runtme": "nodejs", "Code": 1, "Timeout": "10", "Concurrency": 0, "Port": 70000, "Command": "python3 x.py" },
                "b": { "Runtime": "nodjs", "Code": "none", "Environment": { "A": 1 }, "Timeout": "25h" },
                "c": "d",
                "c": { "runtime": "Custom", "Code": ".", "CODE": "." },
              },
              "function": {}
            }
            """);

        Assert.Equal(1, await ServeAsync());

        var lines = _error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        string[] expected =
        [
            "functions:a:Runtme: there is no such key. Did you mean 'Runtime'?",
            "functions:a:Code: 1 is not a text.",
            "functions:a:Timeout: \"10\" is not a time.",
            "functions:a:Concurrency: 0 is not a number from 1 to 200.",
            "functions:a:Port: 70000 is not a number from 1 to 65535.",
            "functions:a:Command: \"python3 x.py\" is not a list of texts",
            "functions:a:Runtime: ",
            "functions:b:Runtime: there is no runtime 'nodjs'. Did you mean 'nodejs'?",
            $"functions:b:Code: there is no folder {Path.Combine(_folder.FullName, "none")}.",
            "functions:b:Environment:A: must be a text. Put it in quotes.",
            "functions:b:Timeout: \"25h\" is not between 1ms and 24h.",
            "functions:c: must be an object",
            "functions:c:Code: is there twice.",
            "functions:c: is there twice.",
            "function: there is no such key. Did you mean 'functions'?",
        ];
        Assert.All(expected, line => Assert.Contains(lines, actual => actual.TrimStart().StartsWith(line, StringComparison.Ordinal)));
        Assert.Equal($"functions: {lines.Length - 1} problems:", lines[0]);
        Assert.Equal("", _output.ToString());
    }

    [Theory]
    [InlineData("{\n \"functions\": {\n oops }\n}", "functions.json is not valid JSON", "Mend line 3 or the one before it.")]
    [InlineData("", "functions.json is not valid JSON", "Mend line 1")]
    [InlineData("[]", "functions.json must hold one JSON object", "")]
    [InlineData("{}", "functions: there is no function.", "")]
    [InlineData("""{ "functions": [] }""", "functions: must be an object that holds functions by name.", "")]
    public async Task File_OfAnotherShape_IsTold(string text, string problem, string end)
    {
        Write(text);

        Assert.Equal(1, await ServeAsync());

        Assert.Contains(problem, _error.ToString(), StringComparison.Ordinal);
        Assert.Contains(end, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void File_EveryKey_IsRead()
    {
        var served = FunctionsFile.Read(
            """
            { "functions": { "a": {
                "Runtime": "custom", "Code": ".", "Command": [ "node", "x" ], "Port": 9001, "Initializer": "i", "PreStop": "p",
                "Environment": { "A": "b" }, "Timeout": "00:00:05", "Concurrency": 1 },
              "b": { "runtime": "NodeJs", "code": ".", "handler": "index.handler" } } }
            """u8.ToArray(),
            _folder.FullName);

        Assert.Empty(served.Problems);
        var expected = new LocalFunctionOptions
        {
            Runtime = LocalRuntime.Custom,
            Code = ".",
            Command = ["node", "x"],
            Port = 9001,
            Initializer = "i",
            PreStop = "p",
            Environment = new Dictionary<string, string> { ["A"] = "b" },
            Timeout = TimeSpan.FromSeconds(5),
            Concurrency = 1,
        };
        Assert.True(expected.IsSame(served.Functions["a"]), served.Functions["a"].ToString());
        Assert.Equal((LocalRuntime.NodeJs, "index.handler"), (served.Functions["b"].Runtime, served.Functions["b"].Handler));
    }

    [Fact]
    public void Folder_WithoutAFile_IsSearchedForFunctions()
    {
        foreach (var file in new[] { "js/index.js", "mjs/index.mjs", "py/index.py", "php/index.php", "own/bootstrap", "own/index.js", "docs/readme.md", "bad name/index.js", ".git/index.js" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder.FullName, file))!);
            File.WriteAllText(Path.Combine(_folder.FullName, file), "");
        }

        var served = ServedFunctions.Look(_folder.FullName);

        Assert.Equal(
            ["js NodeJs index.handler js", "mjs NodeJs index.handler mjs", "own Custom  own", "php Php index.handler php", "py Python index.handler py"],
            served.Functions.Select(static function => $"{function.Key} {function.Value.Runtime} {function.Value.Handler} {function.Value.Code}"));
        Assert.Collection(
            served.PassedOver,
            static line => Assert.StartsWith("bad name is passed over: the name of a function has letters", line, StringComparison.Ordinal),
            static line => Assert.StartsWith("docs is passed over: it has none of bootstrap, index.js", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Folder_ThatIsAFunction_IsTheOnlyOne()
    {
        _folder.CreateSubdirectory("lib");
        File.WriteAllText(Path.Combine(_folder.FullName, "index.py"), "");

        var served = ServedFunctions.Look(_folder.FullName + Path.DirectorySeparatorChar);

        var (name, options) = Assert.Single(served.Functions);
        Assert.Equal((_folder.Name, LocalRuntime.Python, "."), (name, options.Runtime, options.Code));
    }

    [Fact]
    public async Task Folder_WithoutAnyFunction_IsTold()
    {
        _folder.CreateSubdirectory("docs");

        Assert.Equal(1, await ServeAsync());

        Assert.Contains($"there is no function in {_folder.FullName}.", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("docs is passed over", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_Taken_IsOneClearLine()
    {
        Write("""{ "functions": { "a": { "Runtime": "custom", "Code": "." } } }""");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        Assert.Equal(1, await RunAsync("serve", _folder.FullName, "--port", $"{port}"));

        Assert.Equal($"functions: port {port} is taken. Choose another, e.g. --port {port + 1}, or 0 for a free one.{Environment.NewLine}", _error.ToString());
    }

    [Fact]
    public async Task File_Changed_IsAppliedOrRefusedWhileServing()
    {
        Write("""{ "functions": { "a": { "Runtime": "custom", "Code": "." } } }""");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var serving = ServeAsync(stop.Token);
        var address = (await _output.WaitForAsync(" curl http")).Trim().Split(' ')[^1];

        Write("""{ "functions": { "a": { "Runtime": "cstom", "Code": "." } } }""");
        await _error.WaitForAsync("Did you mean 'custom'?");
        await _error.WaitForAsync("The functions from before go on.");
        Assert.Equal(HttpStatusCode.BadGateway, await StatusAsync(address)); // There, and without a bootstrap.

        Write("""{ "functions": { "b": { "Runtime": "custom", "Code": "." } } }""");
        await _output.WaitForAsync("have changed.");
        await _output.WaitForAsync("b (custom, .)");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(address));

        await stop.CancelAsync();
        Assert.Equal(0, await serving);
    }

    private static async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(address, Cancel);
        return response.StatusCode;
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder.FullName, ServedFunctions.FileName), text, Encoding.UTF8);

    private Task<int> ServeAsync(CancellationToken? stop = null) => RunAsync(stop ?? Cancel, "serve", _folder.FullName, "--port", "0");

    private Task<int> RunAsync(params string[] args) => RunAsync(Cancel, args);

    private Task<int> RunAsync(CancellationToken stop, params string[] args)
        => ServeCommand.RunAsync(args, _output, _error, NullLoggerFactory.Instance, TimeProvider.System, stop);
}
