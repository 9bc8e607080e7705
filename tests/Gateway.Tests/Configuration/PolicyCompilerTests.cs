using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

/// <summary>Which policies hold for an API, and that the compiled ones are spelled as they are defined.</summary>
public class PolicyCompilerTests
{
    [Fact]
    public void Effective_ApiWithoutPolicies_HasItsGroups()
    {
        var policies = Find("open");

        Assert.Equal(("Office", false), (policies.IpAccess!.Name, policies.IpAccess.IsOwn));
        Assert.Equal(["Standard"], policies.Throttling.Select(static policy => policy.Name));
        Assert.Equal("web-shop", policies.Cors!.Name);
    }

    [Fact]
    public void Effective_OwnPolicy_ReplacesTheGroupsOfTheSameTypeOnly()
    {
        var policies = Find("orders");

        Assert.Equal([("tenants", true), ("Standard", true)], policies.Throttling.Select(static policy => (policy.Name, policy.IsOwn)));
        Assert.Equal(("Office", false), (policies.IpAccess!.Name, policies.IpAccess.IsOwn));
    }

    [Fact]
    public void Effective_EmptyListOfThrottling_TakesTheGroupsBack()
    {
        var policies = Find("free");

        Assert.Empty(policies.Throttling);
        Assert.Equal(("nobody", true), (policies.IpAccess!.Name, policies.IpAccess.IsOwn));
    }

    [Fact]
    public void Effective_AppsOfAPolicy_AreSpelledAsDefined()
    {
        var policies = Find("orders");

        Assert.Equal(["FcApp"], policies.IpAccess!.Options.Apps.Keys);
        Assert.Equal(["FcApp"], policies.Throttling[1].Options.Apps.Keys);
    }

    [Fact]
    public void Compile_Grants_AreTheEnabledOnesSpelledAsDefined()
    {
        var authentication = Compile()["shop/orders"].Authentication!;

        Assert.Equal(["FcApp", "retired"], authentication.Grants.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new DateTimeOffset(2027, 12, 31, 0, 0, 0, TimeSpan.Zero), authentication.Grants["FcApp"]);
        Assert.Null(authentication.Grants["retired"]);
        Assert.True(authentication is { AllowSha1: true, AllowSha256: true, RequireNonce: true, StrictSignature: true, ApiId: "shop/orders" });
    }

    [Fact]
    public void Compile_OpenApi_HasNoAuthentication() => Assert.Null(Compile()["shop/open"].Authentication);

    [Fact]
    public void Compile_PolicyThatApisShare_IsCompiledOnce()
    {
        var policies = Compile(static text => text.Replace("\"Path\": \"/open\", \"Methods\": [ \"GET\" ], \"Backend\": \"event\", \"Auth\": \"None\"", "\"Path\": \"/open\", \"Backend\": \"event\", \"Apps\": { \"fcapp\": {} }", StringComparison.Ordinal));

        Assert.Same(policies["shop/orders"].IpAccess, policies["shop/open"].IpAccess);
        Assert.Same(policies["shop/orders"].Cors, policies["shop/open"].Cors);
        Assert.Same(policies["shop/orders"].Authentication!.Apps, policies["shop/open"].Authentication!.Apps);
        Assert.NotSame(policies["shop/orders"].IpAccess, policies["shop/free"].IpAccess);
    }

    private static EffectivePolicies Find(string api)
    {
        var options = Loading.LoadValid(Loading.ValidPolicies).Options;
        return new PolicyIndex(options).Find(options.Groups["shop"], options.Groups["shop"].Apis[api]);
    }

    private static Dictionary<string, Gateway.Policies.ApiPolicy> Compile(Func<string, string>? change = null)
        => GatewayCompiler.Compile(Loading.LoadValid(change?.Invoke(Loading.ValidPolicies) ?? Loading.ValidPolicies), static (_, _) => new Uri("http://localhost"))
            .Apis.ToDictionary(static api => api.Id, static api => api.Policy);
}
