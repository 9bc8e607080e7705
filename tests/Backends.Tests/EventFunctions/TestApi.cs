using Gateway.Contracts;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>APIs as the configuration would compile them.</summary>
internal static class TestApi
{
    public const string RequestId = "7AF2D0F4-2F6C-4D1B-9B57-6E0C4E4D3A11";

    public static ApiBackend Create(
        EventFunctionOptions? options = null,
        string path = "/*",
        TimeSpan? timeout = null,
        long maxRequestBody = 6 << 20,
        string? responseContentType = null,
        bool forceResponseContentType = false)
    {
        Assert.True(PathTemplate.TryParse(path, out var template, out var problem), problem);
        return new ApiBackend
        {
            ApiId = "fc-group/greet",
            BackendName = "hello",
            Options = options ?? new EventFunctionOptions(),
            Path = template!,
            Timeout = timeout ?? TimeSpan.FromSeconds(10),
            MaxRequestBody = maxRequestBody,
            ResponseContentType = responseContentType,
            ForceResponseContentType = forceResponseContentType,
        };
    }

    public static GatewayFeature Feature(string target)
    {
        Assert.True(RequestTarget.TryParse(target, out var parsed));
        return new GatewayFeature { RequestId = RequestId, Target = parsed, ForwardedFor = "203.0.113.7", ForwardedProto = "http" };
    }
}
