using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Gateway.LocalFunctions.Tests;

/// <summary>Java functions that fail, in each way there is: the cloud's answer, and the next call works.</summary>
[Collection("Java")]
public sealed class JavaBadInputTests(JavaFixture java)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("no-class", "fixtures.Absent", "java.lang.ClassNotFoundException")]
    [InlineData("no-method", "the method of 'fixtures.Cases::answer' must be handleRequest", "java.lang.NoSuchMethodException")]
    [InlineData("no-handler", "java.lang.Object does not implement com.aliyun.fc.runtime.PojoRequestHandler or com.aliyun.fc.runtime.StreamRequestHandler", "java.lang.ClassCastException")]
    [InlineData("no-colons", "'fixtures.Cases.handleRequest' is not written as package.Class::method", "java.lang.IllegalArgumentException")]
    [InlineData("bad-hook", "fixtures.Nothing does not implement com.aliyun.fc.runtime.FunctionInitializer", "java.lang.ClassCastException")]
    public async Task Handler_Missing_IsAFunctionErrorThatNamesIt(string function, string message, string type)
    {
        using var response = await java.CallAsync(function, "{}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("UnhandledInvocationError", ErrorType(response));
        Assert.StartsWith($$"""{"errorMessage":"{{message}}","errorType":"{{type}}","stackTrace":[""", await ReadAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StaticInitializer_Throws_SaysSoOnEveryCall()
    {
        for (var call = 0; call < 2; call++)
        {
            // The second call in the same virtual machine would only get a NoClassDefFoundError.
            var error = await java.TextAsync("bad-start", "{}");
            Assert.Contains("\"errorType\":\"java.lang.ExceptionInInitializerError\"", error, StringComparison.Ordinal);
            Assert.Contains("Caused by: java.lang.NumberFormatException: For input string: \\\"none\\\"", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Source_DoesNotCompile_IsRefusedWithTheCompilersWords()
    {
        using var response = await java.CallAsync("broken", "{}");
        var text = await ReadAsync(response);

        Assert.Equal(HttpStatusCode.PreconditionFailed, response.StatusCode);
        Assert.Contains("FunctionNotStarted", text, StringComparison.Ordinal);
        Assert.Contains("Broken.java:4: error: ';' expected", text, StringComparison.Ordinal);
        Assert.Contains(java.Log, static line => line.StartsWith("Error Local function broken cannot be started", StringComparison.Ordinal)
            && line.Contains("Broken.java:4: error: ';' expected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handler_Throws_IsAFunctionErrorAndTheSameProcessGoesOn()
    {
        using var failed = await java.CallAsync("cases", "throw");
        using var next = await java.CallAsync("cases", "next");

        Assert.Equal("UnhandledInvocationError", ErrorType(failed));
        Assert.Matches(
            """^\{"errorMessage":"no lück","errorType":"java\.io\.IOException","stackTrace":\["fixtures\.Cases\.answer\(Cases\.java:\d+\)","fixtures\.Cases\.handleRequest\(Cases\.java:\d+\)","Caused by: java\.lang\.IllegalStateException: deeper","fixtures\.Cases\.answer\(Cases\.java:\d+\)","fixtures.Cases.handleRequest\(Cases\.java:\d+\)"\]\}$""",
            await ReadAsync(failed));
        Assert.Equal("next", await ReadAsync(next));
        Assert.Equal(Instance(failed), Instance(next));
    }

    [Fact]
    public async Task Handler_ThrowsWithoutMessage_NamesTheException()
        => Assert.StartsWith(
            """{"errorMessage":"java.lang.NullPointerException","errorType":"java.lang.NullPointerException",""",
            await java.TextAsync("cases", "throw nothing"),
            StringComparison.Ordinal);

    [Fact]
    public async Task Handler_Recurses_IsAFunctionErrorAndTheSameProcessGoesOn()
    {
        using var failed = await java.CallAsync("cases", "recurse");
        using var next = await java.CallAsync("cases", "next");

        Assert.Contains("\"errorType\":\"java.lang.StackOverflowError\"", await ReadAsync(failed), StringComparison.Ordinal);
        Assert.Equal(Instance(failed), Instance(next));
    }

    [Theory]
    [InlineData("exit", "{\"errorMessage\":\"Process exited unexpectedly before completing request (duration: ")]
    [InlineData("fill", "{\"errorMessage\":\"Java heap space\",\"errorType\":\"java.lang.OutOfMemoryError\"")]
    [InlineData("large", "{\"errorMessage\":\"the result is 52428800 bytes long; 33554432 is the most\"")]
    public async Task Handler_BreaksItsProcess_IsAFunctionErrorAndTheNextCallGetsANewOne(string eventText, string error)
    {
        using var failed = await java.CallAsync("cases", eventText);
        using var next = await java.CallAsync("cases", "next");

        Assert.Equal("UnhandledInvocationError", ErrorType(failed));
        Assert.StartsWith(error, await ReadAsync(failed), StringComparison.Ordinal);
        Assert.Equal("next", await ReadAsync(next));
        Assert.NotEqual(Instance(failed), Instance(next));
    }

    [Fact]
    public async Task Handler_Hangs_TimesOutAndTheNextCallGetsANewProcess()
    {
        using var failed = await java.CallAsync("hasty", "hang");
        using var next = await java.CallAsync("hasty", "next");

        Assert.Equal("""{"errorMessage":"Function timed out after 0.7 seconds"}""", await ReadAsync(failed));
        Assert.Equal("next", await ReadAsync(next));
        Assert.NotEqual(Instance(failed), Instance(next));
    }

    [Theory]
    [InlineData("cases", "nothing", new byte[0])]
    [InlineData("cases", "garbage", new byte[] { 0xff, 0, (byte)'{' })]
    [InlineData("nothing", "{}", new[] { (byte)'n', (byte)'u', (byte)'l', (byte)'l' })]
    public async Task Handler_AnswersNothingMuch_IsPassedOn(string function, string eventText, byte[] expected)
    {
        using var response = await java.CallAsync(function, eventText);

        Assert.False(response.Headers.Contains("X-Fc-Error-Type"));
        Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task Handler_WritesToItsStreams_GoesToTheLogAndNotToTheResult()
    {
        using var response = await java.CallAsync("cases", "print");
        var requestId = Assert.Single(response.Headers.GetValues("X-Fc-Request-Id"));
        var tail = Encoding.UTF8.GetString(Convert.FromBase64String(Assert.Single(response.Headers.GetValues("X-Fc-Log-Result"))));

        Assert.Equal("printed", await ReadAsync(response));
        Assert.Contains("{\"outcome\":\"ok\",\"length\":0}\n", tail, StringComparison.Ordinal);
        Assert.Contains("größer\n", tail, StringComparison.Ordinal);
        Assert.Contains("[WARN] watch out\nno line end\n", tail, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001e', tail);
        Assert.Contains($"Warning cases {requestId} größer", java.Log);
        Assert.Contains($"Information cases {requestId} no line end", java.Log);
    }

    [Theory]
    [InlineData("own streams", "replaced")]
    [InlineData("interrupt", "interrupted")]
    [InlineData("thread", "started")]
    public async Task Handler_LeavesSomethingBehind_TheNextCallWorks(string eventText, string answer)
    {
        using var first = await java.CallAsync("cases", eventText);
        using var next = await java.CallAsync("cases", "next");

        Assert.Equal(answer, await ReadAsync(first));
        Assert.Equal("next", await ReadAsync(next));
        Assert.Equal(Instance(first), Instance(next));
        using var cleared = await java.CallAsync("cases", "exit"); // Other tests want a process without its leftovers.
    }

    [Fact]
    public async Task Handler_ForksAChild_ItEndsWithTheProcess()
    {
        using var forked = await java.CallAsync("cases", "fork");
        using var child = Process.GetProcessById(int.Parse(await ReadAsync(forked), CultureInfo.InvariantCulture));

        using var exited = await java.CallAsync("cases", "exit");
        Assert.Equal("UnhandledInvocationError", ErrorType(exited));

        await child.WaitForExitAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    private static string ErrorType(HttpResponseMessage response) => Assert.Single(response.Headers.GetValues("X-Fc-Error-Type"));

    private static string Instance(HttpResponseMessage response) => Assert.Single(response.Headers.GetValues("X-Fc-Instance-Id"));

    private static Task<string> ReadAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(Cancel);
}
