using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests.Observability;

/// <summary>docs/observability.md lists what a running gateway emits, all of it and nothing else.</summary>
[Collection(TracedTests.Name)]
public sealed partial class ObservabilityDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "observability.md"));

    [Fact]
    public async Task Metrics_OfTheMeter_AreThoseOfTheTable()
    {
        await using var gateway = await RunningGateway.StartSectionAsync("{}", "Test");
        var factory = gateway.Get<IMeterFactory>();
        var rows = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Meter.Name == "Gateway")
            {
                rows.Add($"{instrument.Name}: {KindOf(instrument)}{(instrument.Unit is { Length: > 0 } unit ? ", " + unit : "")}");
            }
        };
        listener.Start();

        var documented = Rows("Metrics").Select(static row => $"{Code().Match(row[0]).Groups[1].Value}: {row[1]}");
        Assert.Equal(documented.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SpansAndAccessLog_OfRequestsOfAllKinds_HaveTheFieldsOfTheTables()
    {
        await using var function = await LoopbackServer.StartAsync(AnswerAsync);
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);
        await using var gateway = await StartAsync(function.Address);

        await SendAsync(gateway, HttpMethod.Get, "/w/x?a=1");
        await SendAsync(gateway, HttpMethod.Get, "/w/broken");
        await SendAsync(gateway, new HttpMethod("PROPFIND"), "/event");
        await SendAsync(gateway, HttpMethod.Get, "/dead");
        await SendAsync(gateway, HttpMethod.Get, "/app");

        var lines = await gateway.Log.WaitForAccessAsync(5);
        while (spans.Count < 9)
        {
            await Task.Yield(); // A span ends after its line.
        }

        Assert.Equal(Names("Access log"), Sorted(lines.SelectMany(static line => line.Keys)));
        Assert.Equal(Names("Request span"), Sorted(spans.Where(static span => span.Kind == ActivityKind.Server).SelectMany(static span => span.TagObjects).Select(static tag => tag.Key)));
        Assert.Equal(Names("Backend span"), Sorted(spans.Where(static span => span.Kind == ActivityKind.Client).SelectMany(static span => span.TagObjects).Select(static tag => tag.Key)));
    }

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = context.Request.Path.Value!.Contains("broken", StringComparison.Ordinal) ? 500 : 200;
        context.Response.Headers["X-Fc-Request-Id"] = "1-invocation";
        return context.Response.WriteAsync("""{"statusCode":200,"body":"ok"}""");
    }

    private static Task<RunningGateway> StartAsync(string address) => RunningGateway.StartSectionAsync($$"""
        {
          "Apps": { "fcApp": { "AppCodes": [ "the-code-of-the-app" ] } },
          "Backends": {
            "web": { "Type": "WebFunction", "Address": "{{address}}" },
            "event": { "Type": "EventFunction", "Address": "{{address}}" },
            "dead": { "Type": "WebFunction", "Address": "http://127.0.0.1:1", "Retry": { "Attempts": 1, "Delay": "1ms" } }
          },
          "Groups": { "g": { "Apis": {
            "web": { "Path": "/w/*", "Backend": "web", "Auth": "None" },
            "event": { "Path": "/event", "Backend": "event", "Auth": "None" },
            "dead": { "Path": "/dead", "Backend": "dead", "Auth": "None" },
            "app": { "Path": "/app", "Backend": "web", "AppCode": "Header", "Apps": { "fcApp": {} } }
          } } }
        }
        """, "Test");

    private static async Task SendAsync(RunningGateway gateway, HttpMethod method, string target)
    {
        using var request = new HttpRequestMessage(method, target);
        request.Headers.TryAddWithoutValidation("User-Agent", "test");
        request.Headers.TryAddWithoutValidation("Authorization", "APPCODE the-code-of-the-app");
        using var answer = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Gateway",
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static string KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> => "counter",
        _ when instrument.GetType().GetGenericTypeDefinition() == typeof(ObservableCounter<>) => "counter",
        { IsObservable: true } => "gauge",
        _ => "histogram",
    };

    private static string[] Names(string heading) => Sorted(Rows(heading).SelectMany(static row => Code().Matches(row[0])).Select(static match => match.Groups[1].Value));

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The rows of the first table below a heading.</summary>
    private static IEnumerable<string[]> Rows(string heading)
        => Document.Split('\n').SkipWhile(line => !line.StartsWith('#') || !line.EndsWith("# " + heading, StringComparison.Ordinal))
            .SkipWhile(static line => !line.StartsWith('|')).Skip(2).TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries)[1..]);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
