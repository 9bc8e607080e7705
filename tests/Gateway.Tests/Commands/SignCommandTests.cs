using System.Diagnostics;
using Gateway.Commands;
using Gateway.Commands.Signing;
using Gateway.Configuration;
using Gateway.Tests.Configuration;
using Gateway.TestSupport;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Commands;

public class SignCommandTests
{
    private const string Secret = "canary-0123456789";

    private static readonly FakeTimeProvider Time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));

    private static readonly string Configuration = $$"""
        { "Gateway": { "Apps": { "fcApp": { "AppKey": "60022326", "AppSecret": "{{Secret}}" }, "codes": { "AppCodes": [ "c0de0123456789abcdef" ] } }, "Backends": {}, "Groups": {} } }
        """;

    [Theory]
    [InlineData("sign-get.txt", "http://localhost:8080/private/%E4%B8%AD?b=2&a=1&empty=", "-H", "X-Ca-Stage: RELEASE")]
    [InlineData("sign-json.txt", "PUT", "http://localhost:8080/private/items", "-H", "Content-Type: application/json", "-d", "{\"it's\":1}", "-H", "X-Tenant: blue", "--sign-header", "X-Tenant")]
    [InlineData("sign-form.txt", "http://localhost:8080/private/items?q=1", "-d", "b=%E4%B8%AD&a=x+y", "--method", "HmacSHA1")]
    [InlineData("sign-curl.txt", "DELETE", "http://localhost:8080/private/[1]", "-H", "Accept:", "--curl")]
    public void Sign_OfARequest_IsGolden(string file, params string[] args)
    {
        var (code, output, _) = Run(["--key", "60022326", "--secret", Secret, "--no-nonce", .. args]);

        Assert.Equal(0, code);
        Golden.Matches(file, output);
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_ForAnApp_TakesItsKeyFromTheConfiguration()
    {
        var byKey = Run(["--key", "60022326", "--secret", Secret, "--no-nonce", "http://h/a"]);

        Assert.Equal(byKey, Run(["--app", "FCAPP", "--no-nonce", "http://h/a"]));
    }

    [Fact]
    public void Sign_MakesANonceOfItsOwnEachTime()
        => Assert.NotEqual(Run(["--app", "fcApp", "http://h/a"]).Output, Run(["--app", "fcApp", "http://h/a"]).Output);

    [Theory]
    [InlineData(2, "say who signs", "http://h/")]
    [InlineData(2, "say who signs", "--key", "1", "http://h/")]
    [InlineData(1, "no app 'other'", "--app", "other", "http://h/")]
    [InlineData(1, "no AppKey and AppSecret", "--app", "codes", "http://h/")]
    [InlineData(2, "not a way to sign", "--app", "fcApp", "--method", "GET", "http://h/")]
    [InlineData(2, "not a way to sign", "--app", "fcApp", "--method", "1", "http://h/")]
    [InlineData(2, "makes the header X-Ca-Key itself", "--app", "fcApp", "http://h/", "-H", "x-ca-key: 1")]
    [InlineData(2, "percent-encode", "--app", "fcApp", "http://h/中")]
    [InlineData(2, "cannot be read", "--app", "fcApp", "http://h/", "-d", "@/no/such/file")]
    [InlineData(2, "'G ET' is not a method", "--app", "fcApp", "G ET", "http://h/")]
    [InlineData(2, "'' is not a method", "--app", "fcApp", "-X", "", "http://h/")]
    [InlineData(2, "'A B' is not the name of a header", "--app", "fcApp", "http://h/", "-H", "A B: c")]
    [InlineData(2, "'a,b' is not the name of a header", "--app", "fcApp", "http://h/", "--sign-header", "a,b")]
    [InlineData(2, "the header A holds a control character", "--app", "fcApp", "http://h/", "-H", "A: b\r\nX-Smuggled: c")]
    [InlineData(2, "the header X-Ca-Key holds a control character", "--key", "1\n", "--secret", "x", "http://h/")]
    public void Sign_OfWhatCannotBeSigned_SaysWhy(int code, string complaint, params string[] args)
    {
        var run = Run(args);

        Assert.Equal(code, run.Code);
        Assert.Contains(complaint, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    /// <summary>The line is for pasting: a shell must make the arguments of it that were meant.</summary>
    [Fact]
    public async Task CurlLine_ReadByAShell_GivesEachArgument()
    {
        const string hostile = "it's $(id) `id` \"q\" \\ !x & ; * ~";
        var (_, line, _) = Run(["--key", "1", "--secret", Secret, "--curl", "http://h/a?b=1&c='", "-H", $"X-Hostile: {hostile}", "-d", $"{hostile}\nsecond line"]);
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Needs a POSIX shell.");
        }

        using var shell = Process.Start(new ProcessStartInfo("sh") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await shell.StandardInput.WriteAsync("curl() { printf '<%s>' \"$@\"; }\n" + line);
        shell.StandardInput.Close();
        var arguments = await shell.StandardOutput.ReadToEndAsync();

        Assert.StartsWith("<-i><http://h/a?b=1&c='><-H>", arguments, StringComparison.Ordinal);
        Assert.Contains($"<X-Hostile: {hostile}>", arguments, StringComparison.Ordinal);
        Assert.EndsWith($"<--data-raw><{hostile}\nsecond line>", arguments, StringComparison.Ordinal);
    }

    /// <summary>A host that is tested before its name leads here: the line goes to the address of the URL and asks for the host.</summary>
    [Fact]
    public void CurlLine_OfARequestForAnotherHost_GoesToTheUrl()
    {
        var (_, line, _) = Run(["--key", "1", "--secret", Secret, "--curl", "http://127.0.0.1:8080/a", "-H", "Host: api.example.com", "--sign-header", "Host"]);

        Assert.StartsWith("curl -i http://127.0.0.1:8080/a \\\n  -H 'Host: api.example.com' \\\n", line, StringComparison.Ordinal);
        Assert.Contains("-H 'X-Ca-Signature-Headers: Host,X-Ca-Key,", line, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(string[] args)
    {
        Assert.True(Invocation.TryParse(["sign", .. args], out var invocation, out var problem), problem);
        using StringWriter output = new(), error = new();
        var code = SignCommand.Run(invocation.Request!, Load, Time, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static GatewayConfiguration? Load() => Loading.LoadValid(Configuration);
}
