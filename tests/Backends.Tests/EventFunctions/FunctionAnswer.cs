using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Backends.EventFunctions;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>What the client meets when a function has answered so and so: the response transform on a request without a network.</summary>
internal sealed class FunctionAnswer
{
    private FunctionAnswer(HttpContext context, MemoryStream body, LogLines log)
    {
        Response = context.Response;
        Gateway = context.Gateway();
        Body = body.ToArray();
        Log = log.Lines;
    }

    public HttpResponse Response { get; }

    public GatewayFeature Gateway { get; }

    public byte[] Body { get; }

    public IReadOnlyList<string> Log { get; }

    public static Task<FunctionAnswer> OfResultAsync(byte[] result, ApiBackend? api = null, string method = "GET")
        => OfAsync(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(result) }, api, method);

    public static async Task<FunctionAnswer> OfAsync(HttpResponseMessage reply, ApiBackend? api = null, string method = "GET", TimeProvider? time = null)
    {
        var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        context.Features.Set(TestApi.Feature("/hello"));
        context.Request.Method = method;
        context.Response.StatusCode = (int)reply.StatusCode; // as YARP does
        using var call = new EventCall(new EventContent(new PooledBuffer(16)), TimeSpan.FromSeconds(10), time ?? TimeProvider.System, CancellationToken.None);
        context.Features.Set(call);
        var log = new LogLines();
        var transform = new EventResponseTransform(new EventFunction(api ?? TestApi.Create(), TimeProvider.System), TestMetrics.Create(), log);

        var transformContext = new ResponseTransformContext { HttpContext = context, ProxyResponse = reply };
        await transform.ApplyAsync(transformContext);

        Assert.True(transformContext.SuppressResponseBody);
        await context.Response.CompleteAsync();
        return new FunctionAnswer(context, body, log);
    }

    /// <summary>Status, headers and body; or status, code and message of the refusal.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Gateway.Failure is { } failure)
        {
            return text.Append(CultureInfo.InvariantCulture, $"{Response.StatusCode} {failure.Code}\n{failure.Describe(Gateway.FailureDetail)}\n").ToString();
        }

        text.Append(CultureInfo.InvariantCulture, $"{Response.StatusCode}\n");
        foreach (var (name, values) in Response.Headers)
        {
            foreach (var value in values)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
            }
        }

        return text.Append('\n').Append(Text(Body)).ToString();
    }

    private static string Text(byte[] body)
        => System.Text.Unicode.Utf8.IsValid(body) ? Encoding.UTF8.GetString(body) : "hex " + Convert.ToHexStringLower(body);

    private sealed class LogLines : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Add($"{eventId.Id} {logLevel} {formatter(state, exception)}");
    }
}
