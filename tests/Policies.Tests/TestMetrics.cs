using System.Diagnostics.Metrics;
using Gateway.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Policies.Tests;

/// <summary>Metrics of their own for tests that count something else.</summary>
internal static class TestMetrics
{
    public static PolicyMetrics Create()
        => new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), new ServedStage("TEST"));
}
