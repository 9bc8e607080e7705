using Gateway.Backends.EventFunctions;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Transforms;

namespace Gateway.Backends.Tests.EventFunctions;

public sealed class EventRequestTransformTests
{
    [Theory]
    [InlineData(408, "I408RT")]
    [InlineData(413, "I413RL")]
    [InlineData(400, "I400BD")]
    public async Task Body_ThatTheServerRefuses_IsTheErrorOfItsStatus(int status, string code)
    {
        var (context, call) = await ApplyAsync(new FailingStream(new BadHttpRequestException("refused", status)));

        Assert.Equal(code, context.Gateway().Failure!.Code);
        Assert.Equal(status, context.Response.StatusCode);
        Assert.Null(call);
    }

    [Fact]
    public async Task Body_OfAClientWhoLeft_StopsTheForwarderWithoutAnAnswer()
    {
        var (context, call) = await ApplyAsync(new FailingStream(new IOException("reset")), hasLeft: true);

        Assert.Null(context.Gateway().Failure);
        Assert.Equal(499, context.Response.StatusCode); // YARP forwards nothing once the status is not 200
        Assert.Null(call);
    }

    [Fact]
    public async Task Body_ThatBreaksOffWhileTheClientIsThere_IsABadBody()
    {
        var (context, _) = await ApplyAsync(new FailingStream(new IOException("reset")));

        Assert.Equal(GatewayError.InvalidBody, context.Gateway().Failure);
    }

    [Theory]
    [InlineData("http://localhost:9000", "http://localhost:9000/2023-03-30/functions/hello/invocations")]
    [InlineData("https://1.cn-hangzhou.fc.aliyuncs.com/", "https://1.cn-hangzhou.fc.aliyuncs.com/2023-03-30/functions/hello/invocations")]
    [InlineData("http://host/base/", "http://host/base/2023-03-30/functions/hello/invocations")]
    public void InvokeUri_OfAnyBaseAddress_IsTheAddressAndTheInvocationPath(string prefix, string expected)
    {
        var function = new EventFunction(TestApi.Create(), TimeProvider.System);

        var uri = function.InvokeUri(prefix);

        Assert.Equal(expected, uri.AbsoluteUri);
        Assert.Same(uri, function.InvokeUri(prefix));
    }

    [Theory]
    [InlineData("my/f?n#1", null, "/2023-03-30/functions/my%2Ff%3Fn%231/invocations")]
    [InlineData("f", "a&b=c", "/2023-03-30/functions/f/invocations?qualifier=a%26b%3Dc")]
    [InlineData("f", "", "/2023-03-30/functions/f/invocations")]
    [InlineData(null, "3", "/2023-03-30/functions/hello/invocations?qualifier=3")]
    public void InvokeUri_OfAnyFunctionAndQualifier_IsEscaped(string? name, string? qualifier, string expected)
    {
        var function = new EventFunction(TestApi.Create(new EventFunctionOptions { Function = name, Qualifier = qualifier }), TimeProvider.System);

        Assert.Equal(expected, function.InvokeUri("http://host").PathAndQuery);
    }

    private static async Task<(HttpContext Context, EventCall? Call)> ApplyAsync(Stream body, bool hasLeft = false)
    {
        var context = new DefaultHttpContext { RequestAborted = new CancellationToken(hasLeft) };
        context.Features.Set(TestApi.Feature("/"));
        context.Request.Body = body;
        var transform = new EventRequestTransform(new EventFunction(TestApi.Create(), TimeProvider.System), request: null, TimeProvider.System);

        await transform.ApplyAsync(new RequestTransformContext { HttpContext = context, ProxyRequest = new HttpRequestMessage(), DestinationPrefix = "http://host" });

        return (context, context.Features.Get<EventCall>());
    }

    private sealed class FailingStream(Exception exception) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromException<int>(exception);
    }
}
