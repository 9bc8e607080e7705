using System.Diagnostics.CodeAnalysis;
using Gateway.Backends;
using Gateway.Commands.Explaining;
using Gateway.Commands.Requests;
using Gateway.Configuration;
using Gateway.Contracts;
using Gateway.Hosting;
using Gateway.LocalFunctions;
using Gateway.Routing;

namespace Gateway.Commands.Invoking;

/// <summary>The verbs <c>invoke</c> and <c>event</c>: an API's event, its function's result and the answer made of it, without a server.</summary>
/// <remarks>The transforms and the backend's client are the gateway's own; credentials, limits and address lists of clients are passed by.</remarks>
internal static class InvokeCommand
{
    /// <summary>Host of a request that names none: where the gateway listens by default.</summary>
    private const string DefaultAuthority = "localhost:8080";

    /// <summary>Prints the event of a request, byte for byte, and a line end.</summary>
    /// <returns>The exit code: 0 printed, 1 the gateway would refuse the request, 2 the arguments are not valid.</returns>
    public static async Task<int> WriteEventAsync(
        RequestArguments arguments, GatewayConfiguration configuration, ConfigurationSource source, TimeProvider time, Stream output, TextWriter error)
    {
        if (!NamedApi.TryFind(arguments.Api!, configuration, out var api, out var problem)
            || !TryReadRequest(arguments, api, configuration, out var request, out problem))
        {
            await error.WriteLineAsync($"gateway: {problem}");
            return 2;
        }

        using var exchange = new FunctionExchange { IsSent = false };
        await using var local = LocalFunctionsHost.NotStarted;
        await using var call = FunctionCall.Create(api.Id, exchange, configuration, source, local, time, error);
        var answer = await call.RunAsync(request);
        if (exchange.Event is not { } eventBytes)
        {
            await error.WriteLineAsync($"gateway: there is no event: the client would be answered {answer.Status} {answer.Failure?.Code}, {answer.Failure?.Title.ToLowerInvariant()}");
            return 1;
        }

        await output.WriteAsync(eventBytes);
        await output.WriteAsync("\n"u8.ToArray());
        return 0;
    }

    /// <summary>Calls the function and prints event, result and answer.</summary>
    /// <param name="arguments">API, request and the verb's options.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="builtIn">The local functions of this process.</param>
    /// <param name="time">The clock of signatures and system parameters.</param>
    /// <param name="output">Where the report goes, UTF-8.</param>
    /// <param name="error">Where complaints go.</param>
    /// <returns>The exit code: 0 the function's answer is the client's, 1 the client would meet an error of the gateway, 2 the arguments are not valid.</returns>
    public static async Task<int> InvokeAsync(
        RequestArguments arguments,
        GatewayConfiguration configuration,
        ConfigurationSource source,
        IReadOnlyList<LocalFunction> builtIn,
        TimeProvider time,
        Stream output,
        TextWriter error)
    {
        byte[]? given = null;
        if (!NamedApi.TryFind(arguments.Api!, configuration, out var api, out var problem)
            || !TryReadEvent(arguments.Option("--event"), ref given, out problem)
            || !TryReadRequest(arguments, api, configuration, out var request, out problem))
        {
            await error.WriteLineAsync($"gateway: {problem}");
            return 2;
        }

        using var exchange = new FunctionExchange { IsSent = true, GivenEvent = given, WantsLog = api.Backend.Invoke == InvokeProtocol.FunctionCompute };
        await using var local = api.IsLocal
            ? await LocalFunctionsHost.StartAsync(configuration, source.Folder, builtIn, CancellationToken.None)
            : LocalFunctionsHost.NotStarted;
        await using var call = FunctionCall.Create(api.Id, exchange, configuration, source, local, time, error);
        var answer = await call.RunAsync(request);
        var file = arguments.Option("--output");
        var text = new InvocationText(Redaction.Of(request, configuration)).Write(api.Id, exchange, answer, file);
        await output.WriteAsync(text);
        return TrySave(file, answer.Body, out problem) && answer.Failure is null ? 0 : await FailAsync(problem, error);
    }

    private static async Task<int> FailAsync(string? problem, TextWriter error)
    {
        if (problem is not null)
        {
            await error.WriteLineAsync($"gateway: {problem}");
        }

        return 1;
    }

    private static bool TryReadRequest(
        RequestArguments arguments, NamedApi api, GatewayConfiguration configuration, [NotNullWhen(true)] out DescribedRequest? request, [NotNullWhen(false)] out string? problem)
    {
        if (arguments.Url is null)
        {
            // The event is given. A POST, because a call that may have arrived is not tried again for one.
            var path = DemoListing.Example(ApiPath.Join(api.Group.BasePath, api.Api.Path!));
            request = new DescribedRequest
            {
                Method = HttpMethods.Post,
                Scheme = "http",
                Authority = DefaultAuthority,
                Host = DefaultAuthority,
                Target = path,
                Headers = [],
                Body = [],
            };
            problem = null;
            return true;
        }

        var isPath = arguments.Url.StartsWith('/');
        if (!DescribedRequest.TryCreate(arguments, isPath ? $"http://{DefaultAuthority}{arguments.Url}" : arguments.Url, out request, out problem))
        {
            return false;
        }

        if (isPath && request.Host == DefaultAuthority && api.Group.Hosts is [var host, ..])
        {
            request = request with { Host = host.Replace("*", "www", StringComparison.Ordinal) };
        }

        problem = Refuse(request, api, configuration);
        return problem is null;
    }

    /// <summary>Why the API would not get the request; null when it would. That another API fits better is no reason: this one was asked for.</summary>
    private static string? Refuse(DescribedRequest request, NamedApi api, GatewayConfiguration configuration)
    {
        var path = RequestTarget.TryParse(request.Target, out var target) ? target.Path.ToString() : "/";
        var refusal = PathRules.FindProblem(path, out var hasEncodedSlash) ?? (hasEncodedSlash && !api.Api.AllowEncodedSlash ? "encoded slash" : null);
        return refusal is not null ? $"the gateway refuses the path {path}: {refusal}"
            : new ApiComparison(configuration, request.Host, request.Method, path).Refuse(api.Id) is { } reason ? $"{api.Id} does not take {request.Method} {path}: {reason}"
            : null;
    }

    private static bool TryReadEvent(string? file, ref byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            bytes = file is null ? null : File.ReadAllBytes(file);
            problem = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"the file of the event cannot be read: {exception.Message}";
        }

        return problem is null;
    }

    private static bool TrySave(string? file, byte[] body, out string? problem)
    {
        problem = null;
        try
        {
            if (file is not null)
            {
                File.WriteAllBytes(file, body);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"the body of the answer cannot be written: {exception.Message}";
        }

        return problem is null;
    }
}
