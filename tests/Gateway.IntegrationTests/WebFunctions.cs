using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;


namespace Gateway.IntegrationTests;

/// <summary>What the tests of web functions share.</summary>
internal static class WebFunctions
{
    /// <summary>Answers method, raw target and header lines as JSON.</summary>
    public static Task EchoHeadAsync(HttpContext context) => context.Response.WriteAsJsonAsync(new
    {
        method = context.Request.Method,
        target = context.Features.Get<IHttpRequestFeature>()!.RawTarget,
        headers = context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString()),
    });

    /// <summary>A gateway whose one API forwards every path to a function.</summary>
    public static Task<RunningGateway> StartAsync(LoopbackServer function, string api = "", string backend = "", string gateway = "")
        => RunningGateway.StartSectionAsync($$"""
            {
              {{gateway}}
              "Backends": { "web": { "Type": "WebFunction", "Address": "{{function.Address}}" {{backend}} } },
              "Groups": { "g": { "Apis": { "all": { "Path": "/*", "Backend": "web", "Auth": "None" {{api}} } } } }
            }
            """);
}
