using Gateway.Commands;

namespace Gateway.Tests.Commands;

public class InvocationTests
{
    [Theory]
    [InlineData("--config", "")]
    [InlineData("--config=")]
    [InlineData("--stage", "")]
    [InlineData("--config")]
    public void Option_WithoutAValue_IsRefused(params string[] args)
    {
        Assert.False(Invocation.TryParse(["validate", .. args], out _, out var problem));
        Assert.EndsWith("needs a value", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--confg", "x")]
    [InlineData("--Limits=1")]
    [InlineData("extra")]
    [InlineData("--json")]
    public void Option_ThatIsNone_IsRefused(params string[] args) => Assert.False(Invocation.TryParse(["validate", .. args], out _, out _));

    [Theory]
    [InlineData("--urls", "http://127.0.0.1:0")]
    [InlineData("--Gateway:Limits:Url=4KB")]
    [InlineData("--http_ports=8080")]
    public void Setting_OfTheServerOrOfASection_IsPassedOn(params string[] args)
    {
        Assert.True(Invocation.TryParse(["run", .. args], out var invocation, out _));
        Assert.Equal(args, invocation.Settings);
    }

    [Theory]
    [InlineData("RELEASE", "Production")]
    [InlineData("PRE", "Pre")]
    [InlineData("TEST", "Test")]
    [InlineData("Staging", "Staging")]
    public void Stage_OnTheWire_StandsForItsEnvironment(string stage, string environment)
    {
        Assert.True(Invocation.TryParse(["validate", "--stage", stage], out var invocation, out _));
        Assert.Equal(environment, invocation.Environment);
    }
}
