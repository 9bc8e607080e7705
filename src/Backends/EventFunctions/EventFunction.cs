using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Backends.Http;
using Gateway.Contracts;

namespace Gateway.Backends.EventFunctions;

/// <summary>One API's use of an event function, compiled: what the transforms of its route need on each request.</summary>
internal sealed class EventFunction
{
    /// <summary>An event is held in memory, so no API takes more than this, whatever its limit says: 64 MB.</summary>
    private const long LargestBody = 64 << 20;

    private readonly string _invokePath;

    /// <summary>Invocation address by destination prefix; at most one entry per address of the backend.</summary>
    private readonly ConcurrentDictionary<string, Uri> _invokeUris = new(StringComparer.Ordinal);

    /// <param name="api">The API; its backend is an event function.</param>
    /// <param name="time">The clock of system parameters.</param>
    public EventFunction(ApiBackend api, TimeProvider time)
    {
        Api = api;
        Rules = new ApiRequestRules(api, time);
        Options = (EventFunctionOptions)api.Options;
        Name = Options.Function ?? api.BackendName;
        MaxBody = Math.Min(api.MaxRequestBody, LargestBody);
        PathParameters = ReadPathParameters(api.Path);
        _invokePath = ReadInvokePath();
    }

    /// <summary>The API and its effective settings.</summary>
    public ApiBackend Api { get; }

    /// <summary>What the API changes of headers and query.</summary>
    public ApiRequestRules Rules { get; }

    /// <summary>The backend's options.</summary>
    public EventFunctionOptions Options { get; }

    /// <summary>Name of the function in the function service.</summary>
    public string Name { get; }

    /// <summary>Largest request body, in bytes.</summary>
    public long MaxBody { get; }

    /// <summary>The <c>[name]</c> segments of the API's path, in order.</summary>
    public ImmutableArray<(JsonEncodedText Name, int Index)> PathParameters { get; }

    /// <summary>Where the function is called, for one base address of the backend.</summary>
    /// <param name="destinationPrefix">The base address that YARP's load balancer chose, with or without a trailing slash.</param>
    public Uri InvokeUri(string destinationPrefix)
        => _invokeUris.TryGetValue(destinationPrefix, out var uri)
            ? uri
            : _invokeUris.GetOrAdd(destinationPrefix, static (prefix, path) => new Uri(prefix.TrimEnd('/') + path), _invokePath);

    private static ImmutableArray<(JsonEncodedText, int)> ReadPathParameters(PathTemplate path)
    {
        var parameters = ImmutableArray.CreateBuilder<(JsonEncodedText, int)>();
        for (var i = 0; i < path.Segments.Length; i++)
        {
            if (path.Segments[i].Kind == PathSegmentKind.Parameter)
            {
                parameters.Add((JsonEncodedText.Encode(path.Segments[i].Text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping), i));
            }
        }

        return parameters.ToImmutable();
    }

    private string ReadInvokePath()
    {
        if (Options.Invoke == InvokeProtocol.CustomRuntime)
        {
            return "/invoke";
        }

        // InvokeFunction of the API version 2023-03-30; without a qualifier the service takes LATEST.
        var path = $"/2023-03-30/functions/{Uri.EscapeDataString(Name)}/invocations";
        return Options.Qualifier is { Length: > 0 } qualifier ? $"{path}?qualifier={Uri.EscapeDataString(qualifier)}" : path;
    }
}
