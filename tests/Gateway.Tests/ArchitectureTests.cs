using System.Reflection;

namespace Gateway.Tests;

/// <summary>The arrows between the projects: policies and backends never know each other.</summary>
public class ArchitectureTests
{
    [Theory]
    [InlineData("Gateway.Contracts", "Gateway.Policies", "Gateway.Backends", "Gateway", "Gateway.LocalFunctions", "Yarp.ReverseProxy")]
    [InlineData("Gateway.Policies", "Gateway.Backends", "Gateway", "Gateway.LocalFunctions", "Yarp.ReverseProxy")]
    [InlineData("Gateway.Backends", "Gateway.Policies", "Gateway", "Gateway.LocalFunctions")]
    [InlineData("Gateway.LocalFunctions", "Gateway.Policies", "Gateway.Backends", "Gateway")]
    public void Assembly_NeverReferences(string assembly, params string[] forbidden)
    {
        var references = Assembly.Load(assembly).GetReferencedAssemblies().Select(static name => name.Name).ToArray();

        Assert.DoesNotContain(references, forbidden.Contains);
    }
}
