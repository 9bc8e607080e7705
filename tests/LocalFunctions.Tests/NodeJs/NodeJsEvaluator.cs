namespace Gateway.LocalFunctions.Tests.NodeJs;

/// <summary>One process for many handlers that take a callback: it runs the code in <c>code</c> of the event. Started by the first test, so that each may skip.</summary>
public sealed class NodeJsEvaluator : IAsyncLifetime
{
    private NodeFunction? _function;

    internal async Task<NodeFunction> StartAsync()
        => _function ??= await NodeFunction.StartAsync("exports.handler = (event, context, callback) => eval(JSON.parse(event).code)(event, context, callback)");

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _function?.DisposeAsync() ?? default;
}
