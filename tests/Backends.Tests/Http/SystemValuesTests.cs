using System.Diagnostics;
using System.Net;
using Gateway.Backends.Http;
using Gateway.Backends.SystemParameters;
using Gateway.Backends.Tests.EventFunctions;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Backends.Tests.Http;

public class SystemValuesTests
{
    private static string Read(SystemValue value, Action<DefaultHttpContext>? change = null)
    {
        var context = new DefaultHttpContext();
        var gateway = new GatewayFeature { RequestId = TestApi.RequestId, StartedAt = Stopwatch.GetTimestamp() };
        context.Features.Set(gateway);
        change?.Invoke(context);
        return new SystemValues(TestApi.Create(), new FakeTimeProvider(new DateTimeOffset(2018, 11, 15, 6, 11, 33, 900, TimeSpan.Zero))).Read(value, context);
    }

    [Theory]
    [InlineData(SystemValue.CaClientIp, "")]
    [InlineData(SystemValue.CaAppId, "null")]
    [InlineData(SystemValue.CaAppKey, "null")]
    [InlineData(SystemValue.CaRequestId, TestApi.RequestId)]
    [InlineData(SystemValue.CaHttpSchema, "HTTP")]
    [InlineData(SystemValue.CaProxy, "AliCloudAPIGateway")]
    [InlineData(SystemValue.CaApiName, "greet")]
    [InlineData(SystemValue.CaStage, "RELEASE")]
    [InlineData(SystemValue.CaClientUa, "")]
    [InlineData(SystemValue.CaDomain, "")]
    [InlineData(SystemValue.CaRequestHandleTime, "2018-11-15T06:11:33Z")]
    public void Value_OfAnAnonymousRequest_IsAsTheCloudSendsIt(SystemValue value, string expected) => Assert.Equal(expected, Read(value));

    [Fact]
    public void Value_OfTheCaller_IsItsIdentity()
    {
        static void Call(DefaultHttpContext context) => context.Gateway().Caller = new AppIdentity("fcApp", "110840611", "60022326");

        Assert.Equal("110840611", Read(SystemValue.CaAppId, Call));
        Assert.Equal("60022326", Read(SystemValue.CaAppKey, Call));
        Assert.Equal("null", Read(SystemValue.CaAppKey, static context => context.Gateway().Caller = new AppIdentity("codes", "codes", null)));
    }

    [Theory]
    [InlineData("api.example.com", "api.example.com")]
    [InlineData("api.example.com:8443", "api.example.com")]
    [InlineData("[2001:db8::7]:8443", "[2001:db8::7]")]
    [InlineData("[2001:db8::7]", "[2001:db8::7]")]
    [InlineData("192.0.2.7:80", "192.0.2.7")]
    public void Value_OfTheDomain_HasNoPort(string host, string expected)
        => Assert.Equal(expected, Read(SystemValue.CaDomain, context => context.Gateway().ForwardedHost = host));

    [Fact]
    public void Value_OfTheClient_IsSafeInAHeader()
    {
        Assert.Equal("2001:db8::7", Read(SystemValue.CaClientIp, static context => context.Gateway().ClientAddress = IPAddress.Parse("2001:db8::7")));
        Assert.Equal("curl/8 測  x", Read(SystemValue.CaClientUa, static context => context.Request.Headers.UserAgent = "curl/8 測\r\nx"));
        Assert.Equal("PRE", Read(SystemValue.CaStage, static context => context.Request.Headers["X-Ca-Stage"] = "pre"));
    }

    [Theory]
    [InlineData("X-Client", true)]
    [InlineData("x_client", true)]
    [InlineData("X.CLIENT", true)]
    [InlineData("X-Clients", false)]
    [InlineData("X-Ca-Key", true)]
    [InlineData("x-ca-signature", true)]
    [InlineData("X-Ca-Signature-Headers", true)]
    [InlineData("X-Ca-Signature-Method", true)]
    [InlineData("X-Ca-Timestamp", true)]
    [InlineData("X-Ca-Nonce", true)]
    [InlineData("X-Ca-Stage", false)]
    public void Header_ThatIsHiddenOrForged_IsRemoved(string name, bool expected)
    {
        var api = TestApi.Create(new EventFunctionOptions { HideSignature = true });
        var rules = new ApiRequestRules(
            new ApiBackend
            {
                ApiId = api.ApiId,
                BackendName = api.BackendName,
                Options = api.Options,
                Path = api.Path,
                Timeout = api.Timeout,
                MaxRequestBody = api.MaxRequestBody,
                SystemParameters = [new SystemParameter(SystemValue.CaClientIp, "X-Client", IsQuery: false)],
            },
            TimeProvider.System);

        Assert.Equal(expected, rules.RemovesHeader(name));
        Assert.False(new ApiRequestRules(TestApi.Create(), TimeProvider.System).RemovesHeader(name));
    }
}
