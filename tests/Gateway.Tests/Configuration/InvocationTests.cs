using Gateway.Commands;

namespace Gateway.Tests.Configuration;

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
}
