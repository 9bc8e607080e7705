using System.Diagnostics.Metrics;
using Gateway.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Backends.Tests;

/// <summary>Metrics of their own for tests that look at something else.</summary>
internal static class TestMetrics
{
    public static BackendMetrics Create()
        => new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), new ServedStage("TEST"));
}
