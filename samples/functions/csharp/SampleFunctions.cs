using Gateway.LocalFunctions;

namespace Gateway.Samples;

/// <summary>The functions behind the demo APIs.</summary>
public static class SampleFunctions
{
    /// <summary>All of them. In Development, a backend of the same name and without an address is served by one of these.</summary>
    public static IReadOnlyList<LocalFunction> All { get; } =
    [
        LocalFunction.Event("greeter", new GreeterFunction()),
        LocalFunction.Event("echo", new EchoFunction()),
        LocalFunction.Web("web-echo", WebEchoFunction.HandleAsync),
    ];
}
