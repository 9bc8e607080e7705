using Gateway.Samples;

namespace Gateway.LocalFunctions.Tests;

/// <summary>The sample functions, running.</summary>
public sealed class SampleFixture : IAsyncLifetime
{
    public LocalFunctionHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await LocalFunctionHost.StartAsync(SampleFunctions.All);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
