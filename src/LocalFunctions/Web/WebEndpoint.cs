using Gateway.LocalFunctions.Invocations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.LocalFunctions.Web;

/// <summary>Where web functions get their requests: below <c>/web/{name}</c>, which is taken off again.</summary>
internal sealed class WebEndpoint(FunctionTable functions, HostLog log, IHttpForwarder forwarder)
{
    private const string Prefix = "/web/";
    private readonly WebForwarder _forwarder = new(forwarder, log);

    /// <summary>Whether a request is for a web function, by its target as sent: a decoded path could begin so without it.</summary>
    public static bool IsForWeb(HttpContext context)
        => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Base path of a function.</summary>
    public static string PathOf(string function) => Prefix + function;

    /// <summary>Answers one request. An exception of the function is a 500, or breaks off an answer that has begun.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var name = TakeName(context);
        if (functions.FindBuiltIn(name)?.WebHandler is { } handler)
        {
            await HandleAsync(context, name, handler);
        }
        else if (functions.FindProcess(name)?.Web is { } function)
        {
            await _forwarder.ForwardAsync(context, name, function);
        }
        else
        {
            await ServiceResponse.WriteErrorAsync(
                context, StatusCodes.Status404NotFound, "FunctionNotFound", $"web function '{name}' does not exist", Guid.NewGuid().ToString());
        }
    }

    private async Task HandleAsync(HttpContext context, string name, RequestDelegate handler)
    {
        try
        {
            await handler(context);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            log.Logger.Failed(exception, name, context.TraceIdentifier);
            throw;
        }
    }

    /// <summary>Cuts the base path off the request, as it was sent; names of functions need no escapes.</summary>
    private static string TakeName(HttpContext context)
    {
        var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var target = request.RawTarget;
        var end = target.AsSpan(Prefix.Length).IndexOfAny('/', '?');
        var name = end < 0 ? target[Prefix.Length..] : target.Substring(Prefix.Length, end);
        var rest = end < 0 ? "" : target[(Prefix.Length + end)..];
        request.RawTarget = rest is ['/', ..] ? rest : "/" + rest;
        request.Path = request.Path[Math.Min(request.Path.Length, Prefix.Length + name.Length)..] is { Length: > 0 } path ? path : "/";
        return name;
    }
}
