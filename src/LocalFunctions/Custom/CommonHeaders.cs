using System.Net.Http.Headers;
using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Custom;

/// <summary>The headers that the function service adds to each request to a custom runtime: what it knows of the function and of the call.</summary>
internal sealed class CommonHeaders
{
    /// <summary>How the names of all these headers begin; nobody else's may.</summary>
    public const string Prefix = "x-fc-";

    private const string InitializeSeconds = "300";

    private readonly (string Name, string Value)[] _ofFunction;

    public CommonHeaders(FunctionSettings function)
    {
        var options = function.Options;
        (string Name, string Value)[] known =
        [
            ("x-fc-function-name", function.Name),
            ("x-fc-function-handler", options.Handler ?? ""),
            ("x-fc-function-memory", "512"),
            ("x-fc-function-timeout", function.Seconds),
            ("x-fc-function-initializer", options.Initializer ?? ""),
            ("x-fc-initialization-timeout", options.Initializer is null ? "" : InitializeSeconds),
            ("x-fc-instance-lifecycle-pre-stop-handler", options.PreStop ?? ""),
            ("x-fc-region", "local"),
            ("x-fc-account-id", "0"),
            ("x-fc-qualifier", "LATEST"),
            ("x-fc-version-id", "LATEST"),
            ("x-fc-access-key-id", Variable(options, "ALIBABA_CLOUD_ACCESS_KEY_ID")),
            ("x-fc-access-key-secret", Variable(options, "ALIBABA_CLOUD_ACCESS_KEY_SECRET")),
            ("x-fc-security-token", Variable(options, "ALIBABA_CLOUD_SECURITY_TOKEN")),
        ];
        _ofFunction = [.. known.Where(static header => header.Value.Length > 0)];
    }

    /// <summary>Adds them to a request.</summary>
    /// <param name="headers">Headers of the request.</param>
    /// <param name="requestId">Id of the call.</param>
    /// <param name="controlPath">What the request is, e.g. <c>/invoke</c> for an event.</param>
    public void AddTo(HttpRequestHeaders headers, string requestId, string controlPath)
    {
        headers.TryAddWithoutValidation("x-fc-request-id", requestId);
        headers.TryAddWithoutValidation("x-fc-control-path", controlPath);
        foreach (var (name, value) in _ofFunction)
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private static string Variable(LocalFunctionOptions options, string name)
        => options.Environment.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name) ?? "";
}
