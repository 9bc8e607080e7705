using Gateway.Backends;
using Gateway.Contracts;
using Gateway.Policies.Cors;

namespace Gateway.Routing;

/// <summary>Chooses the API and sets its endpoint, before ASP.NET Core's routing, which then leaves the choice alone.</summary>
internal sealed class ApiMatchingMiddleware(RequestDelegate next, ServingTable serving)
{
    public Task InvokeAsync(HttpContext context)
    {
        var table = serving.Current;
        var path = context.Gateway().Target.Path;
        var problem = PathRules.FindProblem(path, out var hasEncodedSlash);
        if (problem is not null)
        {
            context.Fail(GatewayError.InvalidPath, problem);
            return Task.CompletedTask;
        }

        var match = Match(context, table.Snapshot.Routes, path);

        if (hasEncodedSlash && match.Api is not { AllowEncodedSlash: true })
        {
            context.Fail(GatewayError.InvalidPath, "encoded slash");
            return Task.CompletedTask;
        }

        if (match.Api is not { } api)
        {
            FailUnmatched(context, match, path);
            return Task.CompletedTask;
        }

        context.Gateway().Labels = api.Labels;
        if (context.Request.Method == HttpMethods.Connect && api.Backend is not { Options: WebFunctionOptions })
        {
            context.Fail(GatewayError.UnsupportedMethod, HttpMethods.Connect); // Only a web function can answer a WebSocket.
            return Task.CompletedTask;
        }

        context.SetEndpoint(table.EndpointOf(api));
        return next(context);
    }

    private static ApiMatch Match(HttpContext context, RouteTable routes, ReadOnlySpan<char> path)
    {
        var request = context.Request;
        var host = request.Headers.Host.ToString();

        // A preflight is about the API that the browser wants to call next. Where that one leaves CORS to its backend, OPTIONS is a method like others,
        // and no policy of another API that takes it may answer.
        if (CorsPolicy.IsPreflight(request, out var asked) && routes.Match(host, path, asked) is { Api.Policy.Cors: not null } preflight)
        {
            context.Gateway().IsPreflight = true;
            return preflight;
        }

        // A WebSocket over HTTP/2 comes as CONNECT; the request rules let no other CONNECT through.
        return routes.Match(host, path, request.Method == HttpMethods.Connect ? HttpMethods.Get : request.Method);
    }

    private static void FailUnmatched(HttpContext context, ApiMatch match, ReadOnlySpan<char> path)
    {
        if (match.IsHostKnown)
        {
            context.Fail(GatewayError.ApiNotFound, string.Concat(context.Request.Method, " ", path));
        }
        else
        {
            context.Fail(GatewayError.DomainNotFound, context.Request.Host.Host);
        }
    }
}
