namespace Gateway.IntegrationTests.Observability;

/// <summary>Tests that listen to spans, alone: whoever listens, listens to all gateways of the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TracedTests
{
    public const string Name = "Tracing";
}
