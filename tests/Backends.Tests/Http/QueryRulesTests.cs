using CsCheck;
using Gateway.Backends.Http;
using Gateway.Backends.SystemParameters;
using Gateway.Backends.Tests.EventFunctions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends.Tests.Http;

/// <summary>What leaves a query, what is put in, and that every other byte stays.</summary>
public class QueryRulesTests
{
    private static readonly string[] Fields = ["a=1", "", "AppCode=s", "b", "%41ppCode", "c=%zz", "=", "x=AppCode"];

    private static ApiBackend Api(bool removesAppCode, params string[] names)
    {
        var api = TestApi.Create();
        return new ApiBackend
        {
            ApiId = api.ApiId,
            BackendName = api.BackendName,
            Options = api.Options,
            Path = api.Path,
            Timeout = api.Timeout,
            MaxRequestBody = api.MaxRequestBody,
            RemovesAppCodeQuery = removesAppCode,
            SystemParameters = [.. names.Select(static name => new SystemParameter(SystemValue.CaProxy, name, IsQuery: true))],
        };
    }

    private static string Apply(ApiBackend api, string target)
    {
        var context = new DefaultHttpContext();
        context.Features.Set(TestApi.Feature(target));
        return new ApiRequestRules(api, TimeProvider.System).Query!.Apply(context).ToString();
    }

    [Theory]
    [InlineData("/", "")]
    [InlineData("/?", "?")]
    [InlineData("/?a=1&&b", "?a=1&&b")]
    [InlineData("/?AppCode=x", "")]
    [InlineData("/?AppCode", "")]
    [InlineData("/?AppCode=x&a=1", "?a=1")]
    [InlineData("/?a=%2f+&AppCode=x&b=%zz", "?a=%2f+&b=%zz")]
    [InlineData("/?a=1&appcode=x&appCode=x&APPCODE=x&APPCode=x&AppCode=y", "?a=1")]
    [InlineData("/?%41ppCode=x&a=1", "?a=1")]
    [InlineData("/?App%43ode=x", "")]
    [InlineData("/?aPPcODE=x", "?aPPcODE=x")]
    [InlineData("/?MyAppCode=x&AppCodes=y&a=AppCode=z", "?MyAppCode=x&AppCodes=y&a=AppCode=z")]
    public void AppCode_InAnyOfItsSpellings_IsTakenOut(string target, string expected) => Assert.Equal(expected, Apply(Api(removesAppCode: true), target));

    [Theory]
    [InlineData("/", "?clientIp=AliCloudAPIGateway")]
    [InlineData("/?a=1&b", "?a=1&b&clientIp=AliCloudAPIGateway")]
    [InlineData("/?clientIp=forged", "?clientIp=AliCloudAPIGateway")]
    [InlineData("/?a=1&CLIENTIP=forged&client%49p=forged&b", "?a=1&b&clientIp=AliCloudAPIGateway")]
    [InlineData("/?clientIp%5B%5D=forged&clientIp[0]=forged", "?clientIp=AliCloudAPIGateway")]
    [InlineData("/?+clientIp=forged&%20%20clientIp=forged&clientIp%00x=forged", "?clientIp=AliCloudAPIGateway")]
    [InlineData("/?AppCode=kept", "?AppCode=kept&clientIp=AliCloudAPIGateway")]
    public void SystemParameter_ThatAClientForges_IsReplaced(string target, string expected) => Assert.Equal(expected, Apply(Api(false, "clientIp"), target));

    [Fact]
    public void Names_OfSystemParameters_AreEscapedAndFolded()
        => Assert.Equal("?x=1&a.b%26=AliCloudAPIGateway", Apply(Api(false, "a.b&"), "/?a_b%26=forged&x=1"));

    [Fact]
    public void Rules_OfAnApiWithoutThem_AreNone() => Assert.Null(new ApiRequestRules(TestApi.Create(), TimeProvider.System).Query);

    /// <summary>A query without a removed name goes on byte for byte; with them it is the others, in order.</summary>
    [Fact]
    public void Query_OfAnyFields_KeepsAllOthers()
        => Gen.Int[0, 7].Select(static i => Fields[i]).Array[0, 6].Sample(fields =>
        {
            var kept = fields.Where(static field => !field.StartsWith("AppCode", StringComparison.Ordinal) && field != "%41ppCode").ToArray();
            var query = string.Join('&', fields);
            var rest = string.Join('&', kept);
            var expected = kept.Length == fields.Length ? (query.Length > 0 ? "?" + query : "")
                : rest.Length > 0 ? "?" + rest : "";

            Assert.Equal(expected, Apply(Api(removesAppCode: true), query.Length > 0 ? "/?" + query : "/"));
        });
}
