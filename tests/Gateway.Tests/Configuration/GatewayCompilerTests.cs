using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

/// <summary>What a snapshot says to YARP: the same things under the same names, changed things under new ones.</summary>
public class GatewayCompilerTests
{
    [Fact]
    public void Compile_BackendNamedInAnotherCase_IsTheBackendAsItIsSpelled()
    {
        var snapshot = Compile("\"Backend\": \"event\"", "\"Backend\": \"Event\"", text => text.Replace(", \"Function\": \"hello\"", "", StringComparison.Ordinal));

        // Names of functions are case-sensitive in the function service, and the backend's name is the function's default.
        Assert.Equal("event", snapshot.BackendsByRoute["shop/greet"].BackendName);
    }

    [Theory]
    [InlineData("\"Timeout\": \"3s\"", "\"Timeout\": \"4s\"", "shop/files")]
    [InlineData("\"BasePath\": \"/shop\"", "\"BasePath\": \"/store\"", "shop/files", "shop/greet")]
    [InlineData("\"Timeout\": \"30s\"", "\"Timeout\": \"31s\"", "shop/files")]
    [InlineData("\"TrustedProxies\"", "\"Limits\": { \"EventBody\": \"1MB\" }, \"TrustedProxies\"", "shop/files", "shop/greet")]
    [InlineData("\"Body\": \"maintenance\"", "\"Body\": \"back soon\"")]
    public void Compile_SomethingChanged_ChangesTheRoutesItConcerns(string old, string changed, params string[] routes)
    {
        var before = Compile(old, old).ProxyRoutes.ToDictionary(static route => route.RouteId);
        var after = Compile(old, changed).ProxyRoutes;

        Assert.Equal(routes.Order(), after.Where(route => !route.Equals(before[route.RouteId])).Select(static route => route.RouteId).Order());
    }

    /// <summary>Whatever the transforms of a route use must show in it: YARP rebuilds only what differs.</summary>
    [Theory]
    [InlineData("\"Header\": \"X-Client\"", "\"Header\": \"X-Caller\"", "shop/orders")]
    [InlineData("\"AppCode\": \"HeaderOrQuery\"", "\"AppCode\": \"Header\"", "shop/orders")]
    [InlineData("\"Timeout\": \"20s\"", "\"Timeout\": \"21s\"", "shop/orders")]
    [InlineData("\"Apps\": {", "\"Stage\": \"GRAY\", \"Apps\": {", "shop/orders", "shop/open")]
    public void Compile_SomethingOfAPolicyChanged_ChangesTheRoutesWhoseTransformsUseIt(string old, string changed, params string[] routes)
    {
        var before = Routes(Loading.ValidPolicies);
        var at = Loading.ValidPolicies.IndexOf(old, StringComparison.Ordinal);
        var after = Routes(string.Concat(Loading.ValidPolicies.AsSpan(0, at), changed, Loading.ValidPolicies.AsSpan(at + old.Length)));

        Assert.Equal(routes.Order(), after.Where(route => !route.Value.Equals(before[route.Key])).Select(static route => route.Key).Order());

        static Dictionary<string, Yarp.ReverseProxy.Configuration.RouteConfig> Routes(string text)
            => GatewayCompiler.Compile(Loading.LoadValid(text), static (_, _) => new Uri("http://localhost")).ProxyRoutes.ToDictionary(static route => route.RouteId);
    }

    [Fact]
    public void Compile_OneBackendChanged_KeepsTheClustersOfTheOthers()
    {
        var before = Compile("", "").Clusters.Select(static cluster => cluster.ClusterId).ToArray();
        var after = Compile("\"Timeout\": \"30s\"", "\"Timeout\": \"31s\"").Clusters.Select(static cluster => cluster.ClusterId).ToArray();

        Assert.Equal(["event"], before.Intersect(after).Select(static id => id[..id.IndexOf('@', StringComparison.Ordinal)]));
    }

    private static GatewaySnapshot Compile(string old, string changed, Func<string, string>? change = null)
    {
        var text = change is null ? Loading.Valid : change(Loading.Valid);
        return GatewayCompiler.Compile(
            Loading.LoadValid(old.Length == 0 ? text : text.Replace(old, changed, StringComparison.Ordinal)), static (_, _) => new Uri("http://localhost"));
    }
}
