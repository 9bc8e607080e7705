namespace Gateway.LocalFunctions.Tests;

/// <summary>Functions made of lambdas, and a host for them.</summary>
internal static class TestFunctions
{
    public static Task<LocalFunctionHost> StartAsync(params LocalFunction[] functions)
        => LocalFunctionHost.StartAsync(functions, cancellationToken: TestContext.Current.CancellationToken);

    public static LocalFunction WebFunction(string name) => LocalFunction.Web(name, static _ => Task.CompletedTask);

    public static LocalFunction Event(
        string name, Func<ReadOnlyMemory<byte>, EventFunctionContext, ValueTask<ReadOnlyMemory<byte>>> answer, TimeSpan? timeout = null)
        => LocalFunction.Event(name, new LambdaFunction(answer), timeout);

    public static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private sealed class LambdaFunction(Func<ReadOnlyMemory<byte>, EventFunctionContext, ValueTask<ReadOnlyMemory<byte>>> answer)
        : IEventFunction
    {
        public ValueTask<ReadOnlyMemory<byte>> InvokeAsync(ReadOnlyMemory<byte> eventBytes, EventFunctionContext context)
            => answer(eventBytes, context);
    }
}
