namespace Gateway.LocalFunctions.Tests;

/// <summary>A custom function for all tests of a class, started by the first, so that each may skip.</summary>
public sealed class CustomFixture : IAsyncLifetime
{
    private CustomFolder? _function;

    internal async Task<CustomFolder> StartAsync() => _function ??= await CustomFolder.StartAsync();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _function?.DisposeAsync() ?? default;
}
