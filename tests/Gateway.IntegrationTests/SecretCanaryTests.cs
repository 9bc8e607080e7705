using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Commands;
using Gateway.IntegrationTests.Observability;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.IntegrationTests;

/// <summary>Every secret of a configuration is a name that nothing else has, and it is in nothing that leaves the program: answers, backend requests, log, traces, metrics, the management port and the output of each verb.</summary>
public sealed class SecretCanaryTests : IDisposable
{
    private const string Secret = "quetzal-secret-0123";
    private const string Previous = "quetzal-previous-0123";
    private const string Code = "quetzal-code-0123";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-secrets").FullName;

    private static string Section(string address) => $$"""
        {
          "Apps": {
            "fcApp": { "AppKey": "60022326", "AppSecret": "{{Secret}}", "PreviousAppSecret": "{{Previous}}", "PreviousUntil": "2099-01-01T00:00:00Z", "AppCodes": [ "{{Code}}" ] },
            "stranger": { "AppKey": "60022327", "AppSecret": "quetzal-stranger-0123", "AppCodes": [ "quetzal-stranger-code" ] }
          },
          "Backends": {
            "web": { "Type": "WebFunction", "Address": "{{address}}", "ProxySignature": { "Key": "gateway-1", "Secret": "quetzal-proxy-0123" } },
            "signed": { "Type": "WebFunction", "Address": "{{address}}", "Credentials": { "AccessKeyId": "id", "AccessKeySecret": "quetzal-access-0123" } },
            "event": { "Type": "EventFunction", "Address": "{{address}}", "Function": "f", "Credentials": { "AccessKeyId": "id", "AccessKeySecret": "quetzal-access-0123" } },
            "dead": { "Type": "WebFunction", "Address": "http://127.0.0.1:1", "ProxySignature": { "Key": "gateway-1", "Secret": "quetzal-proxy-0123" } }
          },
          "Policies": { "once": { "Type": "Throttling", "Unit": "Day", "PerApp": 1 }, "none": { "Type": "IpAccess", "Deny": [ "127.0.0.0/8" ] } },
          "Groups": { "g": { "Apis": {
            "web": { "Path": "/web/*", "Backend": "web", "AppCode": "HeaderOrQuery", "Apps": { "fcApp": {} }, "SystemParameters": { "CaAppKey": { "Header": "X-Key" } } },
            "signed": { "Path": "/signed/*", "Backend": "signed", "AppCode": "HeaderOrQuery", "Apps": { "fcApp": {} } },
            "event": { "Path": "/event/*", "Backend": "event", "AppCode": "HeaderOrQuery", "Apps": { "fcApp": {} } },
            "dead": { "Path": "/dead/*", "Backend": "dead", "AppCode": "HeaderOrQuery", "Apps": { "fcApp": {} } },
            "once": { "Path": "/once/*", "Backend": "web", "AppCode": "HeaderOrQuery", "Apps": { "fcApp": {} }, "Policies": { "Throttling": "once" } },
            "closed": { "Path": "/closed/*", "Backend": "web", "AppCode": "HeaderOrQuery", "Apps": { "fcApp": {} }, "Policies": { "IpAccess": "none" } },
            "strict": { "Path": "/strict/*", "Backend": "web", "AppCode": "Disabled", "StrictSignature": true, "RequireNonce": true, "Apps": { "fcApp": {} } },
            "open": { "Path": "/open/*", "Backend": "web", "Auth": "None" }
          } } }
        }
        """;

    /// <summary>What is sent to each API: the credentials in every place they may stand, right, wrong, and where they are not asked for.</summary>
    private static IEnumerable<string> Requests(string api)
    {
        var client = new SigningClient("60022326", Secret);
        string Get(string query, string lines) => $"GET /{api}/x{query} HTTP/1.1\r\nHost: x\r\n{lines}\r\n";
        yield return client.Request("GET", $"/{api}/x");
        yield return client.Request("POST", $"/{api}/x", body: "hello", extra: $"Authorization: APPCODE {Code}\r\nX-Ca-Request-Mode: debug\r\n");
        yield return client.Request("POST", $"/{api}/x", body: "hello", sentBody: "other");
        yield return client.Request("GET", $"/{api}/x").Replace("/x HTTP", $"/x?AppCode={Code} HTTP", StringComparison.Ordinal);
        yield return client.Request("GET", $"/{api}/x").Replace("-Headers: X-Ca-Key", "-Headers: Authorization", StringComparison.Ordinal)
            .Replace("Host: x\r\n", $"Host: x\r\nAuthorization: APPCODE {Code}\r\n", StringComparison.Ordinal);
        yield return client.Request("GET", $"/{api}/x", at: DateTimeOffset.UnixEpoch, extra: $"Authorization: appcode\t{Code}\r\n");
        yield return new SigningClient("60022326", Previous).Request("GET", $"/{api}/x");
        yield return new SigningClient("60022327", "quetzal-stranger-0123").Request("GET", $"/{api}/x");
        yield return Get("", $"Authorization: APPCODE {Code}\r\n");
        yield return Get("", $"authorization:appcode   {Code} \t\r\nX-Ca-Request-Mode: debug\r\n");
        yield return Get("", $"Authorization: APPCODE {Code}x\r\n");
        yield return Get("", $"Authorization: APPCODE {Code}\r\nAuthorization: APPCODE {Code}\r\n");
        yield return Get("", "Authorization: APPCODE quetzal-stranger-code\r\n");
        foreach (var name in new[] { "AppCode", "appcode", "appCode", "APPCODE", "APPCode", "App%43ode" })
        {
            yield return Get($"?a=1&{name}={Code}&b=%zz", "");
            yield return Get($"?{name}={Code}", $"Authorization: APPCODE {Code}\r\n");
        }
    }

    [Fact]
    public async Task Gateway_WhateverItIsSent_KeepsItsSecrets()
    {
        var seen = new ConcurrentQueue<string>();
        await using var function = await LoopbackServer.StartAsync(context => RecordAsync(context, seen));
        using var traces = Listen(seen);
        await using var gateway = await RunningGateway.StartSectionAsync(Section(function.Address));
        using var measured = Measurements.Of(gateway);
        var statuses = new HashSet<int>();

        foreach (var api in new[] { "web", "signed", "event", "dead", "once", "closed", "open", "strict", "nothing" })
        {
            // An API that takes no AppCodes in the query passes the query on as sent.
            foreach (var request in Requests(api).Where(request => api is not ("strict" or "open") || !request.Contains('?', StringComparison.Ordinal)))
            {
                var answer = await RawHttp.SendAsync(gateway.Address, request);
                statuses.Add(answer.Status);
                seen.Enqueue($"{answer.Status} {string.Join('\n', answer.Headers)}\n{answer.Body}");
            }
        }

        Assert.Superset(new HashSet<int> { 200, 400, 403, 404, 429, 504 }, statuses);
        Assert.Contains(seen, static text => text.Contains("X-Ca-Proxy-Signature", StringComparison.OrdinalIgnoreCase)); // Backends were reached,
        Assert.Contains(seen, static text => text.Contains("APPCODE ***", StringComparison.Ordinal) || text.Contains("AppCode=***", StringComparison.Ordinal)); // and strings shown.
        using var operators = new HttpClient { BaseAddress = gateway.ManagementAddress };
        var scraped = await operators.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        var shown = await operators.GetStringAsync(new Uri("/config", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("gateway_auth_attempts_total{", scraped, StringComparison.Ordinal);
        Assert.Contains("\"***\"", shown, StringComparison.Ordinal);
        AssertSilent([scraped, shown]);
        Assert.Contains(seen, static text => text.Contains("gateway.outcome", StringComparison.Ordinal)); // Spans are among what is searched.
        AssertSilent(seen);
        AssertSilent(gateway.Log.Lines);
        AssertSilent(gateway.Log.Access.Select(static line => string.Join(' ', line)));
        Assert.NotEmpty(measured.Named("gateway.auth.attempts"));
        AssertSilent(measured.All);
    }

    /// <summary>A secret where it does not belong is a mistake that anybody may make, and a report of mistakes is pasted into tickets.</summary>
    [Theory]
    [InlineData("\"AppSecret\": \"quetzal-secret-0123\"", "\"AppSecret\": [ \"quetzal-secret-0123\" ]")]
    [InlineData("\"AppSecret\": \"quetzal-secret-0123\"", "\"AppSecrets\": \"quetzal-secret-0123\"")]
    [InlineData("\"AppSecret\": \"quetzal-secret-0123\"", "\"AppSecret\": { \"Value\": \"quetzal-secret-0123\" }")]
    [InlineData("\"AppSecret\": \"quetzal-secret-0123\"", "\"AppSecret\": \"quetzal-secret-0123")]
    [InlineData("\"AppCodes\": [ \"quetzal-code-0123\" ]", "\"AppCodes\": \"quetzal-code-0123\", \"AppCode\": \"quetzal-code-0123\"")]
    [InlineData("\"AppCodes\": [ \"quetzal-code-0123\" ]", "\"AppCodes\": [ \"quetzal-code-0123\", \"quetzal-stranger-code\" ]")]
    [InlineData("\"AppCodes\": [ \"quetzal-code-0123\" ]", "\"AppCodes\": [ \"quetzal-code-0123\", \"quetzal-code-0123 \" ]")]
    [InlineData("\"AppKey\": \"60022326\"", "\"AppKey\": \"60022327\"")]
    [InlineData("\"PreviousUntil\"", "\"PreviousUntill\"")]
    [InlineData("\"ProxySignature\": { \"Key\": \"gateway-1\", \"Secret\"", "\"ProxySignature\": { \"Key\": \"gateway-1\", \"Sekret\"")]
    [InlineData("\"Credentials\": { \"AccessKeyId\": \"id\", \"AccessKeySecret\"", "\"Credentials\": { \"AccessKeySecret\"")]
    public async Task Validate_OfAMistake_DoesNotRepeatASecret(string right, string wrong)
    {
        var (code, output) = await RunAsync(Section("http://127.0.0.1:9000").Replace(right, wrong, StringComparison.Ordinal), "validate");

        Assert.Equal(1, code);
        Assert.Contains("problem", output, StringComparison.Ordinal);
        AssertSilent([output]);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("routes")]
    [InlineData("routes", "--json")]
    [InlineData("sign", "--app", "fcApp", "PUT", "http://h/web/x?AppCode=1", "-d", "{}")]
    [InlineData("sign", "--app", "nobody", "http://h/web/x")]
    [InlineData("explain", "http://h/web/x")]
    [InlineData("explain", "http://h/event/x", "-H", $"Authorization: APPCODE {Code}")]
    [InlineData("explain", $"http://h/web/x?a=1&AppCode={Code}&App%43ode={Code}&aPPCODE={Code}")]
    [InlineData("explain", $"http://h/once/x?appcode={Code}x")]
    [InlineData("explain", "http://h/web/x", "-H", "X-Ca-Key: 60022326", "-H", "X-Ca-Signature: AAAA", "-H", "X-Ca-Signature-Headers: Authorization", "-H", $"Authorization: APPCODE {Code}")]
    [InlineData("explain", "http://h/web/x", "-H", "X-Ca-Key: 60022326", "-H", "X-Ca-Signature: AAAA", "--client-string", $"GET\\n\\n\\n\\n\\n/web/x?secret={Secret}")]
    [InlineData("explain", "http://h/web/x", "-d", $"secret={Secret}&previous={Previous}", "-H", "X-Ca-Key: 60022326", "-H", "X-Ca-Signature: AAAA")]
    public async Task Verb_OfAValidConfiguration_PrintsNoSecret(params string[] args)
    {
        var (code, output) = await RunAsync(Section("http://127.0.0.1:9000"), args);

        Assert.InRange(code, 0, 1);
        Assert.NotEmpty(output);
        AssertSilent([output]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void AssertSilent(IEnumerable<string> texts) => Assert.DoesNotContain(texts, static text => text.Contains("quetzal", StringComparison.OrdinalIgnoreCase));

    private async Task<(int Code, string Output)> RunAsync(string section, params string[] args)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "appsettings.json"), $$"""{ "Gateway": {{section}} }""");
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var code = await CommandLine.RunAsync([.. args, "--config", _folder, "--stage", "Production"], output, output);
        return (code, output.ToString());
    }

    /// <summary>All that a backend gets, and an answer that echoes none of it.</summary>
    private static async Task RecordAsync(HttpContext context, ConcurrentQueue<string> seen)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
        var head = string.Join('\n', context.Request.Headers.Select(static header => $"{header.Key}: {header.Value}"));
        seen.Enqueue($"{context.Request.Method} {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}\n{head}\n{await reader.ReadToEndAsync()}");
        await context.Response.WriteAsync("""{"statusCode":200,"body":"ok"}""");
    }

    /// <summary>Names, tags and events of every activity of the process while the test runs.</summary>
    private static ActivityListener Listen(ConcurrentQueue<string> seen)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Enqueue(
                $"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(static e => e.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
