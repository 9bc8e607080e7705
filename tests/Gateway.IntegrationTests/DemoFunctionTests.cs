using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.TestSupport;

namespace Gateway.IntegrationTests;

/// <summary>The demo's functions in processes of their own, through their APIs: each runtime answers every key of its event.</summary>
public sealed class DemoFunctionTests(DemoFunctionTests.Demo demo) : IClassFixture<DemoFunctionTests.Demo>
{
    private static readonly string[] EventKeys = ["path", "httpMethod", "headers", "queryParameters", "pathParameters", "body", "isBase64Encoded"];

    /// <summary>Function of the demo, and the programs its runtime needs.</summary>
    public static TheoryData<string, string> Functions => new()
    {
        { "nodejs", "node" },
        { "python", "python3" },
        { "php", "php" },
        { "java", "javac" },
        { "java-stream", "javac" },
        { "custom", InterpreterOf("custom") },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Function_OfAGet_AnswersEveryKey(string function, string program)
    {
        var answer = await CallAsync(function, program, HttpMethod.Get, "?q=%C3%A9+1", null);

        Assert.Equal("GET", (string?)answer["httpMethod"]);
        Assert.Equal("é 1", (string?)answer["queryParameters"]!["q"]);
        Assert.Equal("", (string?)answer["body"]);
        Assert.Equal("false", Flag(answer));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Function_OfAJsonBody_AnswersItInBase64(string function, string program)
    {
        var answer = await CallAsync(function, program, HttpMethod.Post, "", new StringContent("""{"name":"é"}""", Encoding.UTF8, "application/json"));

        Assert.Equal("POST", (string?)answer["httpMethod"]);
        Assert.Equal("true", Flag(answer));
        Assert.Equal("""{"name":"é"}""", Encoding.UTF8.GetString(Convert.FromBase64String((string)answer["body"]!)));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Function_OfAForm_AnswersItAsSent(string function, string program)
    {
        var form = new StringContent("a=1&b=%C3%A9", Encoding.ASCII, "application/x-www-form-urlencoded");

        var answer = await CallAsync(function, program, HttpMethod.Post, "", form);

        Assert.Equal("false", Flag(answer));
        Assert.Equal("a=1&b=%C3%A9", (string?)answer["body"]);
    }

    [Fact]
    public async Task CustomWeb_OfAGet_IsAnsweredByTheFunctionItself()
    {
        Require(InterpreterOf("custom"));

        using var response = await demo.Gateway.Client.GetAsync(new Uri("/custom-web/hello?x=1", UriKind.Relative));

        Assert.False(response.Headers.Contains("X-Ca-Error-Code"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Output_OfAFunction_IsInTheLogWithItsNameAndTheCall()
    {
        Require("node");
        var path = $"/nodejs/{Guid.NewGuid():N}";
        using var response = await demo.Gateway.Client.GetAsync(new Uri(path, UriKind.Relative));

        // What the call printed is read before its answer goes out.
        Assert.Contains(demo.Gateway.Log.Lines, line => line.StartsWith("Information Gateway.LocalFunctions nodejs ", StringComparison.Ordinal) && line.Contains($" GET {path}", StringComparison.Ordinal));
    }

    private async Task<JsonNode> CallAsync(string function, string program, HttpMethod method, string query, HttpContent? body)
    {
        Require(program);
        using var request = new HttpRequestMessage(method, new Uri($"/{function}/ann{query}", UriKind.Relative)) { Content = body };
        using var response = await demo.Gateway.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode} {text}\n{string.Join('\n', demo.Gateway.Log.Lines.Where(line => line.Contains(function, StringComparison.Ordinal)))}");
        var answer = JsonNode.Parse(text)!;
        Assert.All(EventKeys, key => Assert.True(answer.AsObject().ContainsKey(key), key));
        Assert.Equal($"/{function}/ann", (string?)answer["path"]);
        Assert.Equal("ann", (string?)answer["pathParameters"]!["name"]);
        return answer;
    }

    /// <summary>A runtime may write the flag as a boolean or as a string.</summary>
    private static string Flag(JsonNode answer) => answer["isBase64Encoded"]!.ToString();

    private static void Require(string program) => Assert.SkipUnless(Programs.IsOnPath(program), $"Needs {program} on PATH; install it to run this.");

    /// <summary>What the sample's start script is written for: the last word of its first line.</summary>
    private static string InterpreterOf(string sample)
    {
        var bootstrap = Path.Combine(Repository.Root, "samples", "functions", sample, "bootstrap");
        return File.Exists(bootstrap) ? Path.GetFileName(File.ReadLines(bootstrap).First().Split(' ')[^1].TrimStart('#', '!')) : "sh";
    }

    /// <summary>One demo for all of them, so that each runtime starts once.</summary>
    public sealed class Demo : IAsyncLifetime
    {
        /// <summary>The running demo.</summary>
        public RunningGateway Gateway { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Gateway = await RunningGateway.StartDemoAsync();

        public ValueTask DisposeAsync() => Gateway.DisposeAsync();
    }
}
