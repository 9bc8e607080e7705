using System.Net.Http.Headers;
using System.Text.Json;

namespace Gateway.LocalFunctions.Tests.NodeJs;

public sealed class NodeJsResultTests(NodeJsEvaluator evaluator) : IClassFixture<NodeJsEvaluator>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("(event, context, callback) => callback(null, { statusCode: 200, body: 'é' })", """{"statusCode":200,"body":"é"}""")]
    [InlineData("(event, context, callback) => callback(null, 'text')", "text")]
    [InlineData("(event, context, callback) => callback(null, Buffer.from('bytes'))", "bytes")]
    [InlineData("(event, context, callback) => callback(null, 42)", "42")]
    [InlineData("(event, context, callback) => callback(null, true)", "true")]
    [InlineData("(event, context, callback) => callback(null, null)", "null")]
    [InlineData("(event, context, callback) => callback()", "undefined")]
    [InlineData("(event, context, callback) => callback(null, [1, 'a'])", """[1,"a"]""")]
    [InlineData("(event, context, callback) => { callback(null, 'first'); callback(null, 'second'); callback('third'); }", "first")]
    [InlineData("(event, context, callback) => setImmediate(callback, null, 'later')", "later")]
    [InlineData("async () => ({ a: 1 })", """{"a":1}""")]
    [InlineData("async () => {}", "undefined")]
    [InlineData("async () => Buffer.from('bytes')", "bytes")]
    [InlineData("async (event, context, callback) => { await null; callback(null, 'called'); return 'returned'; }", "called")]
    [InlineData("(event) => Promise.resolve('promised')", "promised")]
    [InlineData("(event) => ({ then: (resolve) => resolve('thenable') })", "thenable")]
    [InlineData("async (event) => JSON.parse(event).a + Buffer.isBuffer(event)", "ütrue")]
    public async Task Handler_Result_IsConvertedAsTheCloudDoes(string handler, string expected)
    {
        var function = await evaluator.StartAsync();
        var eventText = JsonSerializer.Serialize(new { a = "ü", code = handler });

        Assert.Equal(expected, await function.AnswerAsync(eventText));
        Assert.Equal(expected, await function.AnswerAsync(eventText));
    }

    [Theory]
    [InlineData("(...all) => { setImmediate(all[2], null, 'variadic') }", "variadic")]
    [InlineData("(event) => 'returned'", "returned")]
    [InlineData("(event, context, callback) => { process.stdout.write('garbage {\"outcome\":'); console.error('more'); callback(null, 'clean') }", "clean")]
    [InlineData("(event, context, callback) => { process.stdout.end(); process.stderr.end(); callback(null, 'ended') }", "ended")]
    [InlineData("(event, context, callback) => { try { require('fs').closeSync(1); require('fs').closeSync(2); } catch { } console.log('x'); callback(null, 'closed') }", "closed")]
    [InlineData("(event, context, callback) => { process.stdout.write = () => true; callback(null, 'replaced') }", "replaced")]
    public async Task Handler_OfItsOwnShapeOrSpoilingItsStreams_Answers(string handler, string expected)
    {
        await using var function = await NodeFunction.StartAsync("exports.handler = " + handler);

        Assert.Equal(expected, await function.AnswerAsync());
        Assert.Equal(expected, await function.AnswerAsync());
    }

    [Fact]
    public async Task Handler_BinaryResult_ComesByteForByte()
    {
        await using var function = await NodeFunction.StartAsync("exports.handler = async (event) => Buffer.concat([event, event])");
        byte[] all = [.. Enumerable.Range(0, 256).Select(static value => (byte)value)];
        using var client = new HttpClient();

        using var response = await client.PostAsync(function.Host.InvokeAddress("f"), new ByteArrayContent(all), Cancel);

        byte[] twice = [.. all, .. all];
        Assert.Equal(twice, await response.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(new MediaTypeHeaderValue("application/octet-stream"), response.Content.Headers.ContentType);
    }

    [Fact]
    public async Task Handler_EventOfAnySize_ArrivesWhole()
    {
        await using var function = await NodeFunction.StartAsync("exports.handler = async (event) => event.length + ' ' + event.every((byte) => byte === 120)");

        foreach (var length in (int[])[0, 1, 65_536, 10_000_000])
        {
            Assert.Equal($"{length} true", await function.AnswerAsync(new string('x', length)));
        }
    }

    [Fact]
    public async Task Handler_Context_TellsOfTheCall()
    {
        await using var function = await NodeFunction.StartAsync(
            "exports.handler = async (event, context) => context",
            new LocalFunctionOptions { Timeout = TimeSpan.FromSeconds(7), Environment = new Dictionary<string, string> { ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "id" } });

        using var response = await function.InvokeAsync();

        var context = await response.ReadJsonAsync();
        Assert.Equal(TestFunctions.Header(response, "X-Fc-Request-Id"), context.GetProperty("requestId").GetString());
        Assert.Equal(
            """{"name":"f","handler":"index.handler","memory":512,"timeout":7,"initializer":""}""", context.GetProperty("function").GetRawText());
        Assert.Equal("""{"accessKeyId":"id","accessKeySecret":"","securityToken":""}""", context.GetProperty("credentials").GetRawText());
        Assert.Equal("LATEST", context.GetProperty("service").GetProperty("qualifier").GetString());
        Assert.Equal(JsonValueKind.Object, context.GetProperty("tracing").ValueKind);
        Assert.Equal(0, context.GetProperty("retryCount").GetInt32());
    }

    [Theory]
    [InlineData("main.mjs", "export const handler = async () => 'found'", "main.handler")]
    [InlineData("main.mjs", "export default { handler: async () => 'found' }", "main.handler")]
    [InlineData("main.mjs", "const found = await Promise.resolve('found'); export const handler = async () => found", "main.handler")]
    [InlineData("main.cjs", "exports.handler = async () => 'found'", "main.handler")]
    [InlineData("a/b/main.js", "exports.run = async () => 'found'", "a/b/main.run")]
    [InlineData("a.b/main.js", "exports.handler = async () => 'found'", "a.b/main.handler")]
    [InlineData("lib/index.js", "exports.handler = async () => 'found'", "lib.handler")]
    [InlineData("es/main.js", "export const handler = async () => 'found'", "es/main.handler")]
    [InlineData("main.js", "console.log('at load'); console.error('at load'); exports.handler = async () => 'found'", "main.handler")]
    public async Task Handler_InAnyKindOfModule_IsFound(string file, string code, string handler)
    {
        await using var function = await NodeFunction.StartAsync("", new LocalFunctionOptions { Handler = handler });
        function.Code.Write(file, code);
        function.Code.Write("es/package.json", """{"type":"module"}""");

        Assert.Equal("found", await function.AnswerAsync());
    }

    [Fact]
    public async Task Environment_OfTheGateway_IsNotTheFunctions()
    {
        Environment.SetEnvironmentVariable("Gateway__Apps__test__AppSecret", "secret");
        Environment.SetEnvironmentVariable("ASPNETCORE_TEST", "8080");
        try
        {
            await using var function = await NodeFunction.StartAsync(
                "exports.handler = async () => Object.keys(process.env).filter((name) => /gateway__|ASPNETCORE_TEST|FC_LOCAL_(PORT|TOKEN)|^MINE$/i.test(name))",
                new LocalFunctionOptions { Environment = new Dictionary<string, string> { ["MINE"] = "1" } });

            Assert.Equal("""["MINE"]""", await function.AnswerAsync());
        }
        finally
        {
            Environment.SetEnvironmentVariable("Gateway__Apps__test__AppSecret", null);
            Environment.SetEnvironmentVariable("ASPNETCORE_TEST", null);
        }
    }
}
