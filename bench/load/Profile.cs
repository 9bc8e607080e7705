namespace Gateway.Bench.Load;

/// <summary>One kind of request that both programs are measured with.</summary>
/// <param name="Name">Short name, for <c>--profiles</c> and the table.</param>
/// <param name="Bare">What bare YARP is asked.</param>
/// <param name="Gateway">What the gateway is asked; the path says which API of <c>config/appsettings.json</c> takes it.</param>
/// <param name="Aim">Highest ratio, gateway to bare YARP, that the project aims for.</param>
internal sealed record Profile(string Name, LoadRequest Bare, LoadRequest Gateway, double Aim)
{
    private const int Small = 200;
    private const int Large = 100 * 1024;
    private const int EventAnswer = 600;
    private const int Posted = 1024;
    private const string AppCode = "Authorization: APPCODE 0b5e0000000000000000000000000001"; // As in config/appsettings.json.

    /// <summary>All profiles. A further one is a row here and, for other policies, an API in <c>config</c>.</summary>
    public static IReadOnlyList<Profile> All { get; } =
    [
        new("get", LoadRequest.Get("/small", Small), LoadRequest.Get("/small", Small), Aim: 0.95),
        new("post1k", LoadRequest.Post("/post", Posted, Small), LoadRequest.Post("/post", Posted, Small), Aim: 0.95),
        new("large", LoadRequest.Get("/large", Large), LoadRequest.Get("/large", Large), Aim: 0.95),

        // YARP knows no events: what it is compared with is forwarding the same POST.
        new("event", LoadRequest.Post("/post", Posted, Small), LoadRequest.Post("/event", Posted, EventAnswer), Aim: 0.90),

        // The same behind an AppCode, an IP list and throttling.
        new("policies-get", LoadRequest.Get("/small", Small), LoadRequest.Get("/policies/small", Small, AppCode), Aim: 1.00),
        new("policies-post1k", LoadRequest.Post("/post", Posted, Small), LoadRequest.Post("/policies/post", Posted, Small, AppCode), Aim: 1.00),
        new("policies-event", LoadRequest.Post("/post", Posted, Small), LoadRequest.Post("/policies-event", Posted, EventAnswer, AppCode), Aim: 0.90),

        // Each request with a signature of its own, over a fresh timestamp and nonce.
        new("signed", LoadRequest.Get("/small", Small), LoadRequest.SignedGet("/signed/small", Small), Aim: 1.15),
    ];
}
