using Gateway.Samples;

namespace Gateway.LocalFunctions.Tests;

/// <summary>The sample functions, running.</summary>
public sealed class SampleFixture : IAsyncLifetime
{
    public LocalFunctionHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await LocalFunctionHost.StartAsync(SampleFunctions.All);

    /// <summary>Address of a target of the web function, byte for byte.</summary>
    public Uri EchoAddress(string target)
        => new(Host.AddressOf("web-echo", LocalFunctionKind.Web).OriginalString + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
