using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests.Observability;

/// <summary>What a collector gets over OTLP from a running gateway.</summary>
[Collection(TracedTests.Name)]
public sealed class OtlpTests
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task Gateway_ThatIsStopped_HasSentSpansMetricsAndLogsOfItsLastRequest()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var seen = "";
        await using var function = await LoopbackServer.StartAsync(context =>
        {
            seen = context.Request.Headers.TraceParent.ToString();
            return context.Response.WriteAsync("hello");
        });
        await using (var gateway = await StartAsync(function.Address, receiver.Variables))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/w/x?AppCode=quetzal&b=1");
            request.Headers.Add("traceparent", Caller);
            using var answer = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, receiver.Spans.Count);
        var server = receiver.Spans.Single(static span => span.Number(6) == 2);
        var client = receiver.Spans.Single(static span => span.Number(6) == 3);
        Assert.Equal("GET /w/*", server.Text(5));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", server.Hex(1));
        Assert.Equal("b7ad6b7169203331", server.Hex(4));
        Assert.Equal(server.Hex(2), client.Hex(4));
        Assert.Equal($"00-{client.Hex(1)}-{client.Hex(2)}-01", seen);
        var attributes = server.Attributes(9);
        Assert.Equal("g/web", attributes["gateway.api"]);
        Assert.Equal("ok", attributes["gateway.outcome"]);
        Assert.Equal("AppCode=REDACTED&b=REDACTED", attributes["url.query"]);
        Assert.Equal("200", client.Attributes(9)["http.response.status_code"]);
        Assert.Contains("gateway.requests", receiver.Metrics);
        Assert.Contains("http.server.request.duration", receiver.Metrics);
        var line = receiver.Logs.Single(static record => record.Attributes(6).ContainsKey("gateway.outcome"));
        Assert.Equal(server.Hex(1), line.Hex(9));
        Assert.Equal(server.Hex(2), line.Hex(10));
        Assert.All(receiver.Resources, static resource => Assert.Equal("gateway", resource["service.name"]));
        Assert.All(receiver.Resources, static resource => Assert.Equal("tests", resource["service.namespace"]));
        Assert.All(receiver.Resources, static resource => Assert.Equal("TEST", resource["deployment.environment.name"]));
    }

    [Fact]
    public async Task EventFunction_OfATracedRequest_FindsTheCallsSpanInsideItsEvent()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var (onCall, inEvent) = ("", "");
        await using var function = await LoopbackServer.StartAsync(async context =>
        {
            onCall = context.Request.Headers.TraceParent.ToString();
            var e = await System.Text.Json.JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            inEvent = e.RootElement.GetProperty("headers").GetProperty("traceparent").GetString();
            context.Response.Headers["X-Fc-Request-Id"] = "1-invocation";
            await context.Response.WriteAsync("""{"statusCode":201,"body":"made"}""", context.RequestAborted);
        });
        await using (var gateway = await StartAsync(function.Address, receiver.Variables))
        {
            using var answer = await gateway.Client.GetAsync(new Uri("/event", UriKind.Relative), TestContext.Current.CancellationToken);
        }

        var client = receiver.Spans.Single(static span => span.Number(6) == 3);
        Assert.Equal($"00-{client.Hex(1)}-{client.Hex(2)}-01", inEvent);
        Assert.Equal(inEvent, onCall);
        var attributes = client.Attributes(9);
        Assert.Equal("event", attributes["faas.invoked_name"]);
        Assert.Equal("alibaba_cloud", attributes["faas.invoked_provider"]);
        Assert.Equal("1-invocation", attributes["faas.invocation_id"]);
        Assert.Equal("201", attributes["http.response.status_code"]);
    }

    [Fact]
    public async Task Caller_WhoseTraceIsNotTrusted_IsLinkedTo()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var function = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync(context.Request.Headers.TraceState.ToString()));
        string state;
        await using (var gateway = await StartAsync(function.Address, receiver.Variables, "\"Observability\": { \"TrustTraceParent\": false },"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/w/x");
            request.Headers.Add("traceparent", Caller);
            request.Headers.Add("tracestate", "vendor=1");
            using var answer = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
            state = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        var server = receiver.Spans.Single(static span => span.Number(6) == 2);
        Assert.NotEqual("0af7651916cd43dd8448eb211c80319c", server.Hex(1));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", server.All(13).Single().Hex(1));
        Assert.Equal("", state);
    }

    [Theory]
    [InlineData("OTEL_TRACES_EXPORTER", "none", "traces")]
    [InlineData("OTEL_METRICS_EXPORTER", "none", "metrics")]
    [InlineData("OTEL_LOGS_EXPORTER", "none", "logs")]
    [InlineData("OTEL_SDK_DISABLED", "true", "traces metrics logs")]
    public async Task Signal_SwitchedOffByTheEnvironment_IsNotSent(string name, string value, string off)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var function = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync("hello"));
        await using (var gateway = await StartAsync(function.Address, new Dictionary<string, string>(receiver.Variables) { [name] = value }))
        {
            using var answer = await gateway.Client.GetAsync(new Uri("/w/x", UriKind.Relative), TestContext.Current.CancellationToken);
        }

        Assert.Equal(off.Contains("traces", StringComparison.Ordinal), receiver.Spans.IsEmpty);
        Assert.Equal(off.Contains("metrics", StringComparison.Ordinal), receiver.Metrics.IsEmpty);
        Assert.Equal(off.Contains("logs", StringComparison.Ordinal), receiver.Logs.IsEmpty);
    }

    [Fact]
    public async Task Gateway_WithoutAnEndpoint_MakesNoSpan()
    {
        var seen = "";
        await using var function = await LoopbackServer.StartAsync(context =>
        {
            seen = context.Request.Headers.TraceParent.ToString();
            return context.Response.WriteAsync("hello");
        });
        await using var gateway = await StartAsync(function.Address, []);

        using var answer = await gateway.Client.GetAsync(new Uri("/w/x", UriKind.Relative), TestContext.Current.CancellationToken);

        await gateway.Log.WaitForAccessAsync(1);
        Assert.Null(Assert.Single(gateway.Log.Traced));
        Assert.False(Contracts.Telemetry.Spans.HasListeners());
        Assert.Equal("", seen);
    }

    private static Task<RunningGateway> StartAsync(string address, Dictionary<string, string> variables, string section = "") => RunningGateway.StartSectionAsync($$"""
        {
          {{section}}
          "Backends": { "web": { "Type": "WebFunction", "Address": "{{address}}" }, "event": { "Type": "EventFunction", "Address": "{{address}}" } },
          "Groups": { "g": { "Apis": {
            "web": { "Path": "/w/*", "Backend": "web", "Auth": "None" },
            "event": { "Path": "/event", "Backend": "event", "Auth": "None" }
          } } }
        }
        """, "Test", variables: variables);
}
